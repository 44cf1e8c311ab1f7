"""The invented people of the demo centre. Any likeness to real people is chance."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ..services.config_import import Given
from .tables import rows

_PROFILES: list[dict[str, int]] = [
    {"general": 4, "finance": 4, "tariffs": 3, "tech": 4},
    {"general": 4, "finance": 4, "tariffs": 4},
    {"general": 3, "tech": 4, "roaming": 3},
    {"general": 4, "tariffs": 4, "sim": 4},
    {"general": 2, "tech": 5, "tariffs": 2},
    {"general": 3, "finance": 5, "claims": 2},
    {"general": 3, "sim": 4, "roaming": 4, "tariffs": 3},
    {"general": 4, "tech": 3, "finance": 2, "security": 3},
    {"general": 5, "finance": 5, "tech": 4, "tariffs": 4, "claims": 3, "security": 4, "senior": 4, "retention": 3},
    {"general": 5, "tech": 5, "finance": 4, "tariffs": 5, "claims": 4, "sim": 5, "senior": 5, "roaming": 5},
]
"""Skills of the ten agents of a team; the last two are seniors."""

_CARE: dict[str, int] = {"claims": 4, "retention": 3, "senior": 2}
"""What the agents of the team that knows no single region can besides."""

_FREE = 3
"""The first agents are kept free for people; they take calls beside their chats."""
_WITH_HEADSET = 6
"""The agents up to this one take calls; those after the free ones take nothing else."""

_OTHERS = [
    ("supervisor1", "supervisor", "Нина Алексеевна Берёзова", "Нина", "volga-1"),
    ("supervisor2", "supervisor", "Фарид Маратович Гайнанов", "Фарид", "ural-1"),
    ("supervisor3", "supervisor", "Тамара Ильинична Заречнова", "Тамара", "care"),
    ("quality1", "quality", "Ольга Викторовна Ясенева", "Ольга", None),
    ("planner1", "planner", "Андрей Павлович Числов", "Андрей", None),
    ("admin", "administrator", "Инна Сергеевна Ключевская", "Инна", None),
]

LED = {
    "volga-1": "supervisor1", "volga-2": "supervisor1",
    "ural-1": "supervisor2", "ural-2": "supervisor2",
    "siberia": "supervisor3", "care": "supervisor3",
}  # fmt: skip
"""Team -> login of its supervisor."""


@dataclass(frozen=True, slots=True)
class Account:
    """A way in that `teplo demo` may print."""

    login: str
    role: str
    name: str
    team: str | None


def id_of(login: str) -> str:
    """Return the id of a demo person: always the same, so that laying out the centre again changes nothing."""
    return str(uuid5(NAMESPACE_URL, f"urn:teplo:demo:{login}"))


def staff() -> Iterator[Given]:
    """Yield everybody: 60 agents (12 of them seniors) and those around them."""
    place: Counter[str] = Counter()
    for number, row in enumerate(rows("agents.csv"), start=1):
        profile = _PROFILES[place[row["team"]]]
        skills = profile if row["region"] else {**profile, **{k: max(v, profile.get(k, 0)) for k, v in _CARE.items()}}
        yield _person(
            f"agent{number}",
            "senior" if "senior" in profile else "agent",
            f"{row['given']} {row['family']}",
            row["given"],
            row["team"],
            skills=skills,
            languages=row["languages"].split(),
            regions=row["region"].split(),
            capacity={"chat": 0 if _FREE < number <= _WITH_HEADSET else 3, "voice": int(number <= _WITH_HEADSET)},
            total=2.0 if number <= _FREE else None,
        )
        place[row["team"]] += 1
    for login, role, name, short, team in _OTHERS:
        able: dict[str, Any] = {"skills": {}, "capacity": {}}
        if role == "supervisor":
            able = {"skills": {"general": 5, "claims": 4, "senior": 5}, "capacity": {"chat": 1}}
        yield _person(login, role, name, short, team, **able)


def _person(login: str, role: str, name: str, short: str, team: str | None, **able: Any) -> Given:
    body = {"name": name, "display_name": short, "login": login, "role": role, "team": team, "language": "ru", **able}
    return "person", id_of(login), body
