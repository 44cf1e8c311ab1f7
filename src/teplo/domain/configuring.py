"""The centre's configuration takes effect on the floor at once: only what differs becomes a fact."""

from __future__ import annotations

from typing import Any

from . import events as e
from .agent import AgentProfile
from .deadlines import Deadlines
from .errors import Invalid
from .ids import Instant, QueueId
from .queue import FloorSettings, Queue


class Configuring(Deadlines):
    """The command `configure`."""

    def configure(
        self,
        settings: dict[str, Any] | None = None,
        queues: list[dict[str, Any]] | None = None,
        agents: list[dict[str, Any]] | None = None,
        complete: bool = False,
        *,
        now: Instant,
    ) -> list[e.Event]:
        """Bring settings, queues and agents' profiles to these; `complete` removes what is not listed.

        A queue that still has contacts stays until a later configuration: it must not hold up the other changes.
        """
        new_settings = None if settings is None else FloorSettings.from_json(settings)
        new_queues = _by_id([Queue.from_json(row) for row in queues or []], "queue.invalid")
        new_agents = _by_id([AgentProfile.from_json(row) for row in agents or []], "agent.invalid")
        held = {contact.queue for contact in self.contacts.values()}
        gone_queues = [name for name in self.queues if complete and name not in new_queues and name not in held]
        gone_agents = [name for name in self.agents if complete and name not in new_agents]
        at = self._begin(now)
        if new_settings is not None and (new_settings != self.settings or not self.now):
            self._emit(e.FloorConfigured(at, new_settings.to_json()))
        changed = [config for config in new_queues.values() if self._differs(config)]
        for config in changed:
            self._emit(e.QueueConfigured(at, config.to_json()))
        for profile in new_agents.values():
            self._configure_agent(profile)
        for name in gone_agents:
            self._remove_agent(name)
        for name in gone_queues:
            self._emit(e.QueueRemoved(at, QueueId(name)))
        if not self._out:
            return []
        for config in changed:
            self._turn(self.queues[config.id])
        self._end_lost_reservations()
        return self._finish()

    def _differs(self, config: Queue) -> bool:
        known = self.queues.get(config.id)
        return known is None or known.config != config

    def _configure_agent(self, profile: AgentProfile) -> None:
        known = self.agents.get(profile.id)
        if known is not None and known.profile == profile:
            return
        if known is not None and not profile.active and known.presence != "offline":
            self._gone(known, "removed", "system", "removed")
        self._emit(e.AgentConfigured(self._at, profile.id, profile.to_json()))

    def _remove_agent(self, name: str) -> None:
        agent = self.agents[name]
        if agent.presence != "offline":
            self._gone(agent, "removed", "system", "removed")
        self._emit(e.AgentRemoved(self._at, agent.id))

    def _end_lost_reservations(self) -> None:
        """A contact is not kept for an agent who may no longer take it."""
        index = self.index
        for name, entries in list(index.reserved.items()):
            agent = self.agents.get(name)
            for _, _, contact in list(entries):
                able = agent is not None and agent.ready and (
                    contact.directed or index.line_of(contact).able & agent.flag
                )  # fmt: skip
                if not able and contact.preferred is not None:
                    self._emit(e.ReservationEnded(self._at, contact.id, contact.preferred, "absent"))


def _by_id(items: list[Any], code: str) -> dict[str, Any]:
    found = {item.id: item for item in items}
    if len(found) != len(items):
        raise Invalid(code, field="id", why="listed twice")
    return found
