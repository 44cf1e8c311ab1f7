"""A chat as plain text for the subscriber to keep."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from ..storage.messages import Message

_WORDS: dict[str, dict[str, str]] = {
    "ru": {
        "title": "Запись чата",
        "local": "Местное время ({offset})",
        "centre": "Время указано по {offset}",
        "subscriber": "Вы",
        "agent": "Оператор",
        "file": "[файл: {name}, {size} КБ]",
        "queued": "Вы в очереди.",
        "agent.joined": "На связи {agent_name}.",
        "agent.left": "{agent_name} больше не на связи.",
        "transferred": "Разговор передан коллеге.",
        "ended": "Разговор завершён.",
        "deferred": "Сейчас нерабочее время: сообщение сохранено, ответим {opens_at}.",
        "deferred_unknown": "Сейчас нерабочее время: сообщение сохранено.",
    },
    "en": {
        "title": "Chat transcript",
        "local": "Local time ({offset})",
        "centre": "Times are {offset}",
        "subscriber": "You",
        "agent": "Agent",
        "file": "[file: {name}, {size} KB]",
        "queued": "You are in the queue.",
        "agent.joined": "{agent_name} is with you.",
        "agent.left": "{agent_name} has left.",
        "transferred": "The conversation was handed over to a colleague.",
        "ended": "The conversation is over.",
        "deferred": "We are closed now: your message is kept, we answer from {opens_at}.",
        "deferred_unknown": "We are closed now: your message is kept.",
    },
}


def write(
    messages: Sequence[Message], names: Mapping[str, str | None], zone: ZoneInfo, language: str, *, local: bool
) -> str:
    """Return the text: one block a message, in order, with date headings. `local`: the zone is the subscriber's."""
    words = _WORDS[language]
    offset = _offset(datetime.fromtimestamp(messages[0].at if messages else 0.0, zone))
    times = words["local" if local else "centre"].format(offset=offset)
    lines = [f"{words['title']}. {times}.", ""]
    day = ""
    for message in messages:
        at = datetime.fromtimestamp(message.at, zone)
        today = f"{at:%d.%m.%Y}" if language == "ru" else f"{at:%Y-%m-%d}"
        if today != day:
            lines += [today, ""]
            day = today
        body = _body(message, words, zone)
        if message.author == "system":
            lines.append(f"{at:%H:%M}  — {body}")
        else:
            who = (
                words["subscriber"]
                if message.author == "subscriber"
                else names.get(message.agent or "") or words["agent"]
            )
            first, *rest = body.split("\n")
            lines.append(f"{at:%H:%M}  {who}: {first}")
            lines += [f"       {line}" for line in rest]
    return "\n".join(lines) + "\n"


def _offset(at: datetime) -> str:
    """Name the distance from UTC: UTC+5, UTC+5:30, UTC."""
    total = round((at.utcoffset() or timedelta()).total_seconds()) // 60
    if total == 0:
        return "UTC"
    sign = "+" if total > 0 else "\N{MINUS SIGN}"
    hours, minutes = divmod(abs(total), 60)
    return f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")


def _body(message: Message, words: Mapping[str, str], zone: ZoneInfo) -> str:
    if message.file is not None:
        return words["file"].format(name=message.file.name, size=max(1, round(message.file.size / 1024)))
    if message.kind != "notice":
        return message.text or ""
    notice: dict[str, Any] = orjson.loads(message.text or "{}")
    code = str(notice.get("code", ""))
    agent_name = notice.get("agent_name") or words["agent"]
    opens_at = ""
    if code == "deferred":
        if isinstance(notice.get("opens_at"), (int, float)):
            opens_at = f"{datetime.fromtimestamp(notice['opens_at'], zone):%d.%m %H:%M}"
        else:
            code = "deferred_unknown"
    return words.get(code, code).replace("{agent_name}", agent_name).replace("{opens_at}", opens_at)
