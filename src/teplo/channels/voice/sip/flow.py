"""Where a message comes from and goes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flow:
    """A peer's address on a transport (`UDP`, `TCP`, `TLS`, `WS`, `WSS`); `connection`: number of one we accepted."""

    transport: str
    host: str
    port: int
    connection: int = 0

    @property
    def reliable(self) -> bool:
        """Whether the transport itself delivers."""
        return self.transport != "UDP"
