"""Figures: reports of any period, their definitions, and one's own day."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi import Query as Param
from pydantic import BaseModel, ConfigDict, Field

from ..domain.definition import Scope
from ..domain.definitions import DEFINITIONS, channels, figures, variants
from ..domain.ledger import Group, Key
from ..domain.tally import Tally
from ..services.reports import OwnFigures, Query, Report, day_of, make_report
from ..services.texts import Slug
from .deps import CallerDep, ServicesDep
from .shapes import Range

router = APIRouter(tags=["metrics"])

Instant = Annotated[float, Param(ge=0, le=4_102_444_800, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]


class Figures(BaseModel):
    """All figures by id; null: nothing to divide by, or no meaning here. Shares are 0 to 1, times seconds.

    What each means, with its formula: /metrics/definitions.
    """

    arrived: int | None
    deferred: int | None
    offered: int | None
    answered: int | None
    abandoned: int | None
    short_abandoned: int | None
    closed: int | None
    flow_out: int | None
    flow_in: int | None
    requeued: int | None
    service_level: Share | None
    abandonment_rate: Share | None
    asa: float | None
    mean_wait: float | None
    median_wait: float | None
    p90_wait: float | None
    p99_wait: float | None
    max_wait: float | None
    estimates: int | None
    estimate_hit_rate: Share | None
    callbacks: int | None
    callback_attempts: int | None
    callbacks_reached: int | None
    callbacks_lost: int | None
    voicemails: int | None
    offers: int | None
    missed: int | None
    declined: int | None
    handled: int | None
    aht: float | None
    talk: float | None
    hold: float | None
    wrap_up: float | None
    aht_concurrent: float | None
    outgoing: int | None
    outgoing_reached: int | None
    outgoing_aht: float | None
    occupancy: Share | None
    transfers: int | None
    transfer_rate: float | None
    grades: int | None
    fives: int | None
    csat5: Share | None
    csat5_interval: Range | None
    response_rate: float | None


class ChannelFigures(BaseModel):
    """Figures of handling in one channel; means in seconds."""

    handled: int
    aht: float | None
    talk: float | None
    hold: float | None
    wrap_up: float | None
    aht_concurrent: float | None


class MetricsRow(BaseModel):
    """Figures of one queue, agent or interval; `variants`: figure id -> variant id -> value."""

    figures: Figures
    variants: dict[str, dict[str, float | None]]
    channels: dict[str, ChannelFigures]
    queue: str | None = None
    agent: str | None = None
    interval: float | None = Field(default=None, description="start of the interval, POSIX seconds")


class Metrics(BaseModel):
    """A report. `rows` is empty when not grouped; `total` is of the whole period. `as_of`: counted up to here."""

    model_config = ConfigDict(populate_by_name=True)

    since: float = Field(alias="from")
    until: float = Field(alias="to")
    as_of: float
    group_by: Group
    interval: int = Field(description="minutes")
    threshold: float | None
    total: MetricsRow
    rows: list[MetricsRow]


class Texts(BaseModel):
    """A text in the languages of the screens."""

    ru: str
    en: str


class FigureVariant(BaseModel):
    """Another usual reading of a figure."""

    id: str
    name: Texts
    formula: Texts


class FigureDefinition(FigureVariant):
    """What a figure means. `scopes`: whether it is given for a queue and for an agent."""

    unit: Literal["count", "share", "seconds", "interval"]
    scopes: list[Literal["queue", "agent"]]
    variants: list[FigureVariant]


class FigureDefinitions(BaseModel):
    """All figures, in the order in which they are shown."""

    items: list[FigureDefinition]


class MyFigures(BaseModel):
    """One's own day in the centre's zone. `interval`: 95 % of `csat5`, with n = `grades`; `hold`: a part of `aht`."""

    model_config = ConfigDict(from_attributes=True)

    handled: int
    fives: int
    grades: int
    csat5: Share | None
    interval: Range | None
    aht: float | None
    hold: float | None
    occupancy: Share | None
    missed: int


@router.get("/metrics", operation_id="readMetrics")
async def read_metrics(
    caller: CallerDep,
    services: ServicesDep,
    since: Annotated[
        Instant | None, Param(alias="from", description="POSIX seconds; default: today's midnight")
    ] = None,
    until: Annotated[Instant | None, Param(alias="to", description="POSIX seconds; default: now")] = None,
    queue: Annotated[list[Slug] | None, Param(max_length=200)] = None,
    agent: UUID | None = None,
    group_by: Group = "none",
    interval: Annotated[int, Param(description="minutes: 15 or 30", json_schema_extra={"enum": [15, 30]})] = 30,
    threshold: Annotated[float | None, Param(ge=0, le=86_400, allow_inf_nan=False, description="T, seconds")] = None,
) -> Metrics:
    """Compute the figures of a period of at most 31 days from the log."""
    now = services.clock()
    query = Query(
        since=day_of(now, services.figures.zone)[0] if since is None else since,
        until=now if until is None else until,
        group_by=group_by,
        interval=interval * 60,
        threshold=threshold,
        queues=tuple(queue) if queue else None,
        agent=str(agent) if agent else None,
    )
    return _report(await make_report(caller, services.db, query, now))


@router.get("/metrics/definitions", operation_id="listMetricDefinitions")
async def list_definitions(caller: CallerDep) -> FigureDefinitions:
    """Say what each figure means; any signed-in person may ask."""
    return FigureDefinitions(
        items=[
            FigureDefinition(
                id=d.id,
                name=Texts(**d.name),
                formula=Texts(**d.formula),
                unit=d.unit,
                scopes=sorted(d.scopes),
                variants=[FigureVariant(id=v.id, name=Texts(**v.name), formula=Texts(**v.formula)) for v in d.variants],
            )
            for d in DEFINITIONS
        ]
    )


@router.get("/me/figures", operation_id="readMyFigures")
async def read_my_figures(caller: CallerDep, services: ServicesDep) -> MyFigures:
    """Read one's own figures of today."""
    own: OwnFigures = services.figures.own(caller.id)
    return MyFigures.model_validate(own)


def _report(report: Report) -> Metrics:
    query = report.query
    scope: Scope | None = None
    if query.agent is not None or query.group_by == "agent":
        scope = "agent"
    elif query.group_by == "queue":
        scope = "queue"
    whole: Scope | None = "agent" if query.agent is not None else "queue" if query.queues is not None else None
    return Metrics(
        since=query.since,
        until=query.until,
        as_of=report.as_of,
        group_by=query.group_by,
        interval=query.interval // 60,
        threshold=query.threshold,
        total=_row(report.total, whole),
        rows=[]
        if query.group_by == "none"
        else [_row(tally, scope or whole, query.group_by, key) for key, tally in sorted(report.rows.items())],
    )


def _row(tally: Tally, scope: Scope | None, group: Group = "none", key: Key = "") -> MetricsRow:
    return MetricsRow.model_validate(
        {
            "figures": figures(tally, scope),
            "variants": variants(tally, scope),
            "channels": channels(tally),
            **({group: key} if group != "none" else {}),
        }
    )
