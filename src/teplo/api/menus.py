"""Voice menus before callers meet them: checking and trying. They are stored as configuration of the kind `menu`."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from ..domain.errors import Invalid
from ..domain.menu_talk import Facts
from ..services.menu_texts import words
from ..services.menus import Given, Menus
from ..services.texts import Named, Slug, Strict
from .deps import CallerDep, ServicesDep

router = APIRouter(tags=["menus"])

Keys = Annotated[str, Field(max_length=32, pattern=r"^[0-9*#A-D]*$")]


class MenuGiven(Strict):
    """A menu as it is in the configuration item, stored or not."""

    menu: dict[str, Any]


class MenuProblem(BaseModel):
    """A defect; `node` is empty for the menu itself, `what` names the thing that is meant."""

    node: str
    field: str
    code: str
    what: str
    text: Named


class MenuProblems(BaseModel):
    """All defects; an empty list: the menu may be stored."""

    problems: list[MenuProblem]


class MenuTry(Strict):
    """A call that is only thought of: a menu (or the id of one in force), when, who calls, what is pressed.

    Each entry of `keys` answers one question; "" is silence. With `stop` it ends at the first question without one.
    """

    menu: dict[str, Any] | None = None
    id: Slug | None = None
    at: Annotated[float, Field(ge=0, le=1e11)] | None = None
    known: bool = False
    segment: Annotated[str, Field(max_length=100)] | None = None
    region: Annotated[str, Field(max_length=100)] | None = None
    language: Literal["ru", "en"] | None = None
    keys: Annotated[list[Keys], Field(max_length=100)] = []
    stop: bool = False


class MenuLine(BaseModel):
    """What happens: `say` (`what` names the prompt), `ask` (`what`: most keys), `key`, `silence`, or the end.

    `sounds`: the prompts to play for it, in `language`.
    """

    kind: Literal["say", "ask", "key", "silence", "queue", "message", "callback", "hangup"]
    node: str
    what: str
    text: str
    language: str
    sounds: list[str]


class MenuLines(BaseModel):
    """The call from its beginning; `over` is false where a question waits for keys."""

    lines: list[MenuLine]
    over: bool


async def _menus(services: ServicesDep) -> Menus:
    return Menus(services.db, services.clock)


MenusDep = Annotated[Menus, Depends(_menus)]


@router.post("/menus/check", operation_id="checkMenu")
async def check(caller: CallerDep, menus: MenusDep, body: MenuGiven) -> MenuProblems:
    """Tell everything that is wrong with a menu; nothing is stored."""
    found = await menus.check(caller, body.menu)
    return MenuProblems(
        problems=[
            MenuProblem(
                node=one.node, field=one.field, code=one.code, what=one.what, text=Named.model_validate(words(one))
            )
            for one in found
        ]
    )


@router.post("/menus/dry-run", operation_id="tryMenu")
async def dry_run(caller: CallerDep, menus: MenusDep, body: MenuTry) -> MenuLines:
    """Tell what a caller would hear and where the call would end; nothing is stored."""
    if (body.menu is None) == (body.id is None):
        raise Invalid("menu.which")
    menu = body.menu if body.id is None else await menus.stored(caller, body.id)
    facts = Facts(body.known, body.segment, body.region, body.language)
    lines = await menus.dry_run(caller, menu, Given(facts, body.at, body.keys, body.stop))
    shown = [MenuLine(**{field: getattr(line, field) for field in MenuLine.model_fields}) for line in lines]
    return MenuLines(lines=shown, over=bool(lines) and lines[-1].kind in ("queue", "message", "callback", "hangup"))
