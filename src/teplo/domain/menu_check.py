"""What is wrong with a menu, each defect with its node and field; and a dry run: what a caller would hear."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import menu as m
from . import menu_nodes as n
from . import menu_talk as w
from .errors import Invalid
from .ids import Instant
from .menu_walk import begin, step


@dataclass(frozen=True, slots=True)
class Problem:
    """A defect. `node` is empty for the menu itself; `code` is stable, `what` names the thing that is meant.

    Codes: menu.field, menu.node_unknown, menu.unreachable, menu.loop, menu.dead_end, menu.prompt_missing,
    menu.queue_unknown, menu.hours_unknown, menu.reason_unknown, menu.region_unknown, menu.language_unknown,
    menu.key_taken, menu.ambiguous.
    """

    node: str
    field: str
    code: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What exists around a menu. `prompts`: language -> names. None: not checked."""

    prompts: Mapping[str, Collection[str]] | None = None
    queues: Collection[str] | None = None
    hours: Collection[str] | None = None
    regions: Collection[str] | None = None
    reasons: Collection[str] | None = None


def problems(data: Any, known: Known) -> list[Problem]:
    """Return all defects of a menu in its written form; none: it is fit for callers."""
    try:
        menu = m.head_from_json(data)
    except Invalid as error:
        return [Problem("", str(error.details.get("field", "menu")), "menu.field")]
    found: list[Problem] = []
    nodes = data.get("nodes")
    if not isinstance(nodes, dict) or not 0 < len(nodes) <= m.MOST_NODES:
        return [Problem("", "nodes", "menu.field")]
    for id, node in nodes.items():
        try:
            menu.nodes[id] = m.node_from_json(node)
        except Invalid as error:
            found.append(Problem(str(id), str(error.details.get("field", "node")), "menu.field"))
    found += _head(menu, nodes)
    for id, checked in menu.nodes.items():
        found += _node(menu, nodes, id, checked, known)
    if not found:  # the ways are meaningful only when every node is there and understood
        found += _ways(menu)
    return found


def _head(menu: m.Menu, nodes: Mapping[str, Any]) -> Iterator[Problem]:
    for field, target in [("start", menu.start), ("give_up", menu.give_up), *_keys(menu)]:
        if target not in nodes:
            yield Problem("", field, "menu.node_unknown", target)
    last = menu.nodes.get(menu.give_up)
    if last is not None and not isinstance(last, n.End):
        yield Problem("", "give_up", "menu.dead_end", menu.give_up)


def _keys(menu: m.Menu) -> list[tuple[str, str]]:
    return [(f"keys.{key}", target) for key, target in menu.keys.items()]


def _node(menu: m.Menu, nodes: Mapping[str, Any], id: str, node: n.Node, known: Known) -> Iterator[Problem]:
    for field, target in {**node.quiet(), **node.asked()}.items():
        if target not in nodes:
            yield Problem(id, field, "menu.node_unknown", target)
    for field, prompts in node.heard().items():
        yield from _prompts(menu, id, field, prompts, known)
    for field, there in (("queue", known.queues), ("hours", known.hours), ("reason", known.reasons)):
        named = getattr(node, field, None)
        if named is not None and there is not None and named not in there:
            yield Problem(id, field, f"menu.{field}_unknown", named)
    if isinstance(node, n.Announcements):
        yield from _regions(id, node, known)
    if isinstance(node, (n.Digits, n.Language)):
        yield from _options(menu, id, node)


def _prompts(menu: m.Menu, id: str, field: str, prompts: Iterable[str], known: Known) -> Iterator[Problem]:
    for prompt in prompts:
        name, _, language = prompt.partition("@")
        if language and language not in menu.languages:
            yield Problem(id, field, "menu.language_unknown", prompt)
        elif name != n.OPENS and known.prompts is not None:
            for spoken in [language] if language else menu.languages:
                if name not in known.prompts.get(spoken, ()):
                    yield Problem(id, field, "menu.prompt_missing", f"{name}@{spoken}")


def _regions(id: str, node: n.Announcements, known: Known) -> Iterator[Problem]:
    for place, item in enumerate(node.items):
        for region in item.regions:
            if known.regions is not None and region not in known.regions:
                yield Problem(id, f"items.{place}.regions", "menu.region_unknown", region)


def _options(menu: m.Menu, id: str, node: n.Digits | n.Language) -> Iterator[Problem]:
    for keys, value in node.options.items():
        if taken := [key for key in keys if key in menu.keys]:
            yield Problem(id, f"options.{keys}", "menu.key_taken", taken[0])
        if isinstance(node, n.Language) and value not in menu.languages:
            yield Problem(id, f"options.{keys}", "menu.language_unknown", value)


def _ways(menu: m.Menu) -> Iterator[Problem]:
    reached = _reached(menu)
    for id in menu.nodes:
        if id not in reached:
            yield Problem(id, "", "menu.unreachable")
    yield from _loops(menu)
    ending = _ending(menu)
    for id in menu.nodes:
        if id in reached and id not in ending:
            yield Problem(id, "", "menu.dead_end")


def _reached(menu: m.Menu) -> set[str]:
    seen: set[str] = set()
    todo = [menu.start, menu.give_up, *menu.keys.values()]
    while todo:
        id = todo.pop()
        if id not in seen:
            seen.add(id)
            node = menu.nodes[id]
            todo += [*node.quiet().values(), *node.asked().values()]
    return seen


def _loops(menu: m.Menu) -> Iterator[Problem]:
    """Yield the way that closes a circle in which no key is needed: a caller who does nothing would never leave."""
    colour: dict[str, str] = {}
    for root in menu.nodes:
        if root in colour:
            continue
        colour[root] = "open"
        stack = [(root, iter(menu.nodes[root].quiet().items()))]
        while stack:
            id, ways = stack[-1]
            field, target = next(ways, ("", ""))
            if not target:
                colour[id] = "done"
                stack.pop()
            elif colour.get(target) == "open":
                yield Problem(id, field, "menu.loop", target)
            elif target not in colour:
                colour[target] = "open"
                stack.append((target, iter(menu.nodes[target].quiet().items())))


def _ending(menu: m.Menu) -> set[str]:
    """Return the nodes from which some end can be reached."""
    good = {id for id, node in menu.nodes.items() if isinstance(node, n.End)}
    grown = True
    while grown:
        more = {
            id
            for id, node in menu.nodes.items()
            if id not in good and good & {*node.quiet().values(), *node.asked().values()}
        }
        grown = bool(more)
        good |= more
    return good


@dataclass(frozen=True, slots=True)
class Heard:
    """A line of a dry run. `kind`: say, ask, key, silence, or the end (queue, message, callback, hangup).

    `part`: what is said.
    """

    kind: str
    node: str
    what: str
    part: w.Prompt | w.Moment | None = None


def dry_run(
    menu: m.Menu,
    keys: Iterable[str],
    facts: w.Facts,
    now: Instant,
    around: w.Around = w.NOTHING,
    texts: Mapping[str, Mapping[str, str]] | None = None,
    stop: bool = False,
) -> list[Heard]:
    """Return what a caller hears who presses `keys` when asked ("" is silence) and nothing after.

    With `stop` the run ends at the first question that no entry is left for.
    Each entry answers one question, of several digits if it likes. `texts`: language -> prompt -> words.
    """
    state, actions = step(menu, begin(menu), w.Started(), now, around)
    out = list(_lines(state, actions, texts or {}))
    state, out = _on(menu, state, facts, now, around, out, texts)
    waiting = iter(keys)
    for _ in range(menu.most_visits * 20):
        if state.phase == "over":
            break
        if state.phase == "asking" and not state.playing:
            pressed = next(waiting, None if stop else "")
            if pressed is None:
                break
            out.append(Heard("key" if pressed else "silence", state.node, pressed))
            for key in pressed:
                state, out = _on(menu, state, w.Digit(key), now, around, out, texts)
            if pressed and (state.playing or not state.entered):
                continue
        if state.phase == "over":
            break
        if state.playing:
            state, out = _on(menu, state, w.Said(state.turn), now, around, out, texts)
        else:
            now = max(now, state.deadline or now)
            state, out = _on(menu, state, w.Timeout(), now, around, out, texts)
    return out


def _on(
    menu: m.Menu,
    state: w.State,
    given: w.Input,
    now: Instant,
    around: w.Around,
    out: list[Heard],
    texts: Mapping[str, Mapping[str, str]] | None,
) -> tuple[w.State, list[Heard]]:
    state, actions = step(menu, state, given, now, around)
    return state, [*out, *_lines(state, actions, texts or {})]


def _lines(state: w.State, actions: Iterable[w.Action], texts: Mapping[str, Mapping[str, str]]) -> Iterator[Heard]:
    for action in actions:
        if isinstance(action, w.Say):
            for part in action.parts:
                if isinstance(part, w.Prompt):
                    yield Heard("say", state.node, texts.get(part.language, {}).get(part.name, part.name), part)
                else:
                    yield Heard("say", state.node, n.OPENS, part)
        elif isinstance(action, w.Ask):
            yield Heard("ask", state.node, str(action.most))
        elif isinstance(action, w.ToQueue):
            yield Heard("queue", state.node, action.queue)
        elif isinstance(action, w.TakeMessage):
            yield Heard("message", state.node, action.queue)
        elif isinstance(action, w.OfferCallback):
            yield Heard("callback", state.node, action.queue)
        else:
            yield Heard("hangup", state.node, action.why)
