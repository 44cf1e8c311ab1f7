"""Menus tried before callers meet them, prompts replaced by uploads, versions and going back."""

import copy
import io
import json
from collections.abc import AsyncIterator
from importlib import resources
from typing import Any

import numpy as np
import pytest
import soundfile
from httpx import Response
from tests.office import NAMED, Browser, Office, open_office

from teplo.channels.voice import prompts
from teplo.seed.voice import voice
from teplo.services.calls.own_prompts import OwnPrompts
from teplo.storage.db import Database

pytestmark = pytest.mark.anyio

MONDAY_NOON = 1_790_586_000.0
WEEK = [[["09:00", "18:00"]]] * 5 + [[], []]
HOURS = {"name": NAMED, "zone": "Asia/Yekaterinburg", "week": WEEK}


def menu() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(resources.files("teplo.seed").joinpath("menu.json").read_text(encoding="utf-8"))
    return made


@pytest.fixture
async def office(db: Database) -> AsyncIterator[Office]:
    async with open_office(db) as opened:
        await opened.hire("admin", "administrator")
        await opened.hire("agent1", "agent")
        await opened.bring_in(
            *(("skill", id, {"name": NAMED}) for id in ("general", "finance", "tech", "tariffs")),
            *(("reason", id, {"name": NAMED}) for id in ("BAL", "NET", "TAR", "SIM")),
            ("region", "RU-OMS", {"name": NAMED}),
            ("hours", "weekdays", HOURS),
            *((kind, id, body) for kind, id, body in voice() if kind in ("queue", "menu")),
        )
        yield opened


@pytest.fixture
async def admin(office: Office) -> Browser:
    return await office.signed_in("admin")


async def test_all_defects_are_told_with_their_places_and_words(admin: Browser) -> None:
    broken = menu()
    broken["nodes"]["money"]["queue"] = "nowhere"
    broken["nodes"]["network"]["reason"] = "NOPE"
    broken["nodes"]["greeting"]["prompts"] = ["greeting@ru", "hello"]
    broken["nodes"]["message"]["seconds"] = 1
    found = (await admin.call("POST", "/menus/check", json={"menu": broken})).json()["problems"]
    places = {(one["node"], one["field"], one["code"]) for one in found}
    assert places == {
        ("money", "queue", "menu.queue_unknown"),
        ("network", "reason", "menu.reason_unknown"),
        ("greeting", "prompts", "menu.prompt_missing"),
        ("message", "seconds", "menu.field"),
    }
    assert all(one["text"]["ru"] and one["text"]["en"] for one in found)
    assert (await admin.call("POST", "/menus/check", json={"menu": menu()})).json() == {"problems": []}
    assert (await admin.get("/config/menu/main/history")).json()["items"][0]["version"] == 1, "nothing is stored"


async def test_a_dry_run_tells_words_sounds_and_the_end(admin: Browser) -> None:
    run = {"id": "main", "keys": ["1", "1"], "stop": True}
    told = (await admin.call("POST", "/menus/dry-run", json=run)).json()
    assert told["over"]
    assert [line["kind"] for line in told["lines"] if line["kind"] != "say"] == ["ask", "key", "ask", "key", "queue"]
    assert told["lines"][0] == {
        "kind": "say", "node": "greeting", "what": "greeting", "language": "ru", "sounds": ["greeting"],
        "text": "Здравствуйте! Вы позвонили в компанию Тёплая связь.",
    }  # fmt: skip
    assert told["lines"][-1] | {"text": ""} == {
        "kind": "queue", "node": "money", "what": "voice-money", "text": "", "language": "", "sounds": [],
    }  # fmt: skip
    waiting = (await admin.call("POST", "/menus/dry-run", json={**run, "keys": []})).json()
    assert (waiting["over"], waiting["lines"][-1]["kind"]) == (False, "ask")


async def test_a_dry_run_looks_at_the_clock_and_speaks_the_next_opening(admin: Browser) -> None:
    asked = menu()
    asked["nodes"]["tariffs"] = {"kind": "hours", "hours": "weekdays", "open": "tariffs_open", "closed": "closed"}
    run = {"menu": asked, "keys": ["2", "3"], "at": MONDAY_NOON}
    opened = (await admin.call("POST", "/menus/dry-run", json=run)).json()["lines"]
    closed = (await admin.call("POST", "/menus/dry-run", json={**run, "at": MONDAY_NOON + 86400 * 5})).json()["lines"]
    assert opened[-1]["node"] == "tariffs_open"
    intro = "Please speak after the tone. When you are done, press hash or hang up."
    assert (closed[-1]["kind"], closed[-1]["what"], closed[-2]["text"]) == ("message", "voice-general", intro)
    assert closed[-3]["text"] == "on Monday at nine a.m."
    assert all(name in prompts.names("en") for name in closed[-3]["sounds"])


async def test_what_cannot_be_tried_is_a_clear_refusal(admin: Browser) -> None:
    for body, code in (
        ({}, "menu.which"),
        ({"id": "main", "menu": menu()}, "menu.which"),
        ({"id": "nothing"}, "config.unknown"),
        ({"menu": {"nodes": 5}}, "menu.problems"),
    ):
        answer = await admin.call("POST", "/menus/dry-run", json=body)
        assert (answer.status_code in (404, 422), answer.json()["code"]) == (True, code)


async def test_a_version_has_a_comment_and_can_be_gone_back_to(office: Office, admin: Browser) -> None:
    first = (await admin.get("/config/menu/main")).json()["body"]
    changed = copy.deepcopy(first)
    changed["menu"]["nodes"]["money"]["priority"] = 5
    put = {"json": changed, "headers": {"If-Match": "1"}}
    second = (await admin.call("PUT", "/config/menu/main?comment=Деньги%20раньше", **put)).json()
    assert (second["version"], second["comment"]) == (2, "Деньги раньше")
    back = {"json": {"to": 1}, "headers": {"If-Match": "2"}}
    third = (await admin.call("POST", "/config/menu/main/rollback", **back)).json()
    assert (third["version"], third["body"], third["comment"]) == (3, first, "")
    history = (await admin.get("/config/menu/main/history")).json()["items"]
    assert [(old["version"], old["comment"]) for old in history] == [(3, ""), (2, "Деньги раньше"), (1, "")]
    assert history[0]["changed_by"] == office.people["admin"]
    late = await admin.call("POST", "/config/menu/main/rollback", **back)
    assert (late.status_code, late.json()["code"]) == (409, "config.version")
    missing = await admin.call("POST", "/config/menu/main/rollback", json={"to": 9}, headers={"If-Match": "3"})
    assert (missing.status_code, missing.json()["code"]) == (404, "config.unknown")


# --- prompts --------------------------------------------------------------------------------------------------


def sound(seconds: float = 0.5, peak: float = 0.5, format: str = "OGG") -> bytes:
    out = io.BytesIO()
    wave = peak * np.sin(2 * np.pi * 440 * np.arange(int(44100 * seconds)) / 44100)
    soundfile.write(out, wave, 44100, format=format)
    return out.getvalue()


async def upload(browser: Browser, name: str, data: bytes, version: int | None, text: str = "") -> Response:
    headers = {"If-None-Match": "*"} if version is None else {"If-Match": str(version)}
    form = {"files": {"file": ("приветствие.ogg", data)}, "data": {"text": text}}
    return await browser.call("PUT", f"/prompts/{name}/sound", headers=headers, **form)


async def test_an_uploaded_prompt_is_heard_in_the_next_call_and_the_default_comes_back(
    office: Office, admin: Browser
) -> None:
    worker = OwnPrompts()
    default = prompts.prompt("greeting", "ru").seconds
    try:
        made = await upload(admin, "ru/greeting", sound(), None)
        assert made.status_code == 201, made.text
        assert made.json()["body"]["text"] == "Здравствуйте! Вы позвонили в компанию Тёплая связь."
        assert prompts.prompt("greeting", "ru").seconds == default
        async with office.db.connection() as conn:
            await worker.refresh(conn)
        assert prompts.prompt("greeting", "ru").seconds == pytest.approx(0.5, abs=0.05)
        heard = await admin.get("/prompts/ru/greeting/sound")
        samples, rate = soundfile.read(io.BytesIO(heard.content), dtype="int16")
        assert (rate, heard.headers["content-type"]) == (8000, "audio/wav")
        assert (samples == prompts.prompt("greeting", "ru").samples).all()
        assert len((await admin.get("/prompts/ru/greeting/sound?default=true")).content) > len(heard.content)
        rows = (await admin.get("/prompts")).json()["items"]
        assert [(row["language"], row["name"]) for row in rows if row["version"]] == [("ru", "greeting")]
        assert (await admin.remove("prompt", "ru.greeting", 1)).status_code == 200
        async with office.db.connection() as conn:
            await worker.refresh(conn)
        assert prompts.prompt("greeting", "ru").seconds == default
        assert (await upload(admin, "ru/greeting", sound(1.0), None)).json()["version"] == 3
    finally:
        prompts.use({})


async def test_a_broken_upload_is_refused_and_nothing_is_stored(office: Office, admin: Browser) -> None:
    for data, name, text, code in (
        (b"<html>", "ru/greeting", "", "prompt.not_audio"),
        (sound()[:40], "ru/greeting", "", "prompt.not_audio"),
        (sound(peak=0.0), "ru/greeting", "", "prompt.silent"),
        (sound(0.01), "ru/greeting", "", "prompt.too_short"),
        (sound(), "ru/storm", "", "prompt.text"),
        (sound(), "any/greeting", "x", "prompt.name"),
        (sound(), "ru/music", "x", "prompt.name"),
    ):
        answer = await upload(admin, name, data, None, text)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    agent = await office.signed_in("agent1")
    assert (await upload(agent, "ru/greeting", sound(), None)).status_code == 403
    assert (await upload(admin, "ru/greeting", sound(), 7)).json()["code"] == "config.version"
    async with office.db.connection() as conn:
        row = await (await conn.execute("select count(*) from prompt_sound")).fetchone()
    assert row == (0,)


async def test_a_new_prompt_serves_menus_and_stays_while_one_needs_it(admin: Browser) -> None:
    body = (await admin.get("/config/menu/main")).json()["body"]
    body["menu"]["nodes"]["greeting"]["prompts"] = ["storm"]
    refused = await admin.change("menu", "main", body, 1)
    assert {one["at"] for one in refused.json()["details"]["errors"]} == {"menu.nodes.greeting.prompts.0"}
    for language, text in (("ru", "Сегодня буря."), ("en", "There is a storm today.")):
        assert (await upload(admin, f"{language}/storm", sound(format="MP3"), None, text)).status_code == 201
    assert (await admin.change("menu", "main", body, 1)).status_code == 200
    told = (await admin.call("POST", "/menus/dry-run", json={"id": "main"})).json()["lines"]
    assert told[0]["text"] == "Сегодня буря."
    used = await admin.remove("prompt", "ru.storm", 1)
    assert (used.status_code, used.json()["code"]) == (409, "config.in_use")
    kept = (await admin.get("/config/prompt/en.storm")).json()["body"]
    other = await admin.change("prompt", "en.storm", {**kept, "sound": "0" * 64}, 1)
    assert other.json()["details"]["errors"][0]["at"] == "sound"
    assert (await admin.change("prompt", "en.storm", {**kept, "text": "A storm is coming."}, 1)).json()["version"] == 2
