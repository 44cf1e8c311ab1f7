"""Where a message comes from and goes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flow:
    """A peer's address on one transport (`UDP`, `TCP`, `TLS`, `WS`, `WSS`).

    `connection` is the number of an accepted stream.
    """

    transport: str
    host: str
    port: int
    connection: int = 0

    @property
    def reliable(self) -> bool:
        """Whether the transport itself delivers."""
        return self.transport != "UDP"
