"""What a call asks of the agent's side, whatever carries it: a browser or a phone."""

from typing import Any, Literal, Protocol

from ...channels.voice.media.leg import Leg

Media = Literal["connecting", "ok", "lost"]


class AgentLeg(Protocol):
    """The leg of the agent who has the contact, from the offer on."""

    agent: str

    @property
    def leg(self) -> Leg | None:
        """Who hears and is heard; None while there is nobody."""
        ...

    @property
    def media(self) -> Media:
        """How the agent's audio is: `lost` means that the subscriber hears music."""
        ...

    @property
    def held(self) -> bool:
        """Whether the agent's own device holds the call."""
        ...

    @property
    def line_held(self) -> bool:
        """Whether that device holds the subscriber's line, also while it speaks on another one."""
        ...

    def signal(self, tab: str, signal: dict[str, Any]) -> None:
        """Act on a word of a page of the agent."""
        ...

    def look(self) -> None:
        """Notice that packets come again after a silence; called a few times a second."""
        ...

    def close(self) -> None:
        """The agent has the contact no more."""
        ...
