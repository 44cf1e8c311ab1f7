"""Settings of one process, read once by `run.py` and `cli.py`. Business configuration is data in PostgreSQL."""

import json
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _listed(value: object) -> object:
    """Take a list as people write it, with commas, or as JSON."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith(("[", "{")):
        return json.loads(value)
    return [part.strip() for part in value.split(",")] if value.strip() else []


def _network(text: str) -> str:
    return str(ip_network(text))


Networks = Annotated[list[Annotated[str, AfterValidator(_network)]], NoDecode, BeforeValidator(_listed)]
Listed = Annotated[list[Annotated[str, Field(min_length=1)]], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Environment variables with the prefix `TEPLO_`."""

    model_config = SettingsConfigDict(env_prefix="TEPLO_", frozen=True, extra="ignore")

    database_url: str | None = Field(default=None, description="PostgreSQL 16 or newer; empty: the embedded server")
    data: Path = Field(default=Path("var"), description="folder of the embedded server and of run files")
    postgres_port: int = Field(default=0, ge=0, le=65535, description="port of the embedded server; 0: any free one")
    http_host: str = Field(default="127.0.0.1", description="address that HTTP listens on")
    http_port: int = Field(default=8000, ge=0, le=65535, description="port that HTTP listens on; 0: any free one")
    public_url: str | None = Field(default=None, description="address that browsers use, behind a proxy")
    allowed_origins: Listed = Field(
        default=[], description="further origins that the desk may be opened from, with commas"
    )
    zone: str = Field(default="Asia/Yekaterinburg", description="IANA zone of the centre: where its day begins")
    session_idle_hours: float = Field(
        default=12, gt=0, description="a person is signed out after this long without use"
    )
    session_max_hours: float = Field(default=24, gt=0, description="a person is signed out after this long anyway")
    trusted_proxies: Listed = Field(default=[], description="addresses whose X-Forwarded-For is believed, with commas")
    rate_factor: float = Field(
        default=1.0,
        gt=0,
        description="multiplies the limits on subscribers' addresses and threads; higher where many share one address,"
        " lower where a balancer spreads each address over many processes, as each process counts by itself",
    )
    live_ping_seconds: float = Field(
        default=10.0, gt=0, le=300, description="live sockets are asked this often whether anybody is still there"
    )
    sip_host: str = Field(default="127.0.0.1", description="address that SIP listens on; 0.0.0.0: all")
    sip_port: int = Field(default=5060, ge=0, le=65535, description="port of SIP on UDP and TCP; 0: any free one")
    sip_tls_port: int | None = Field(
        default=None, ge=0, le=65535, description="port of SIP over TLS, usually 5061; empty: no TLS"
    )
    sip_tls_certificate: Path | None = Field(
        default=None, description="certificate of SIP over TLS with its chain, PEM"
    )
    sip_tls_key: Path | None = Field(default=None, description="its key, PEM; empty: in the file of the certificate")
    sip_ws_port: int | None = Field(
        default=None, ge=0, le=65535, description="port of SIP over WebSocket, for phones that register; empty: none"
    )
    sip_wss_port: int | None = Field(
        default=None, ge=0, le=65535, description="the same over TLS, with the certificate of SIP over TLS"
    )
    sip_ws_origins: list[str] = Field(
        default=[], description="web pages whose scripts may connect there (Origin); programs send none and may"
    )
    sip_digests: list[Literal["sha-256", "md5"]] = Field(
        default=["sha-256", "md5"],
        min_length=1,
        description="algorithms by which phones may prove themselves (RFC 8760); md5 alone: for old ones that give up"
        " where they are asked for another one as well",
    )
    sip_advertise: str = Field(default="", description="our address in SIP and media where peers see another (NAT)")
    sip_local_networks: Networks = Field(
        default=[
            *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
            *("127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10"),
        ],
        description="networks, with commas, whose peers are told the address by which this host reaches them all the"
        " same; leave out a proxy through which others come from outside",
    )
    media_ports: str = Field(
        default="40000-40999",
        pattern=r"^(0|\d{4,5}-\d{4,5})$",
        description="UDP ports of calls' media; 0: any free ones",
    )
    browser_media_port: int = Field(
        default=0, ge=0, le=65535, description="UDP port of agents' browsers on a voice worker; 0: any free one"
    )
    browser_media_hosts: list[str] = Field(
        default=[], description="addresses under which browsers reach the voice worker; empty: found out"
    )
    opus_phones: Literal["never", "last", "first"] = Field(
        default="last",
        description="Opus with trunks and phones, where its library is installed; last: with who has no G.711; first:"
        " with all who have it, for networks that lose packets",
    )
    opus_browsers: Literal["never", "last", "first"] = Field(
        default="last", description="the same with browsers, which all have both"
    )
    voice_calls: int = Field(default=150, ge=1, description="calls that one voice worker carries at most")
    voice_drain_seconds: int = Field(
        default=0,
        ge=0,
        le=86_400,
        description="seconds that calls have to end after a voice worker was told to stop (SIGTERM); it takes no new"
        " ones, and a second SIGTERM ends at once; 0: at once",
    )
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    log_pii: bool = Field(default=False, description="show personal data in the log; only for tests")
    database_connections: int = Field(default=8, ge=2, le=200, description="pool size of one process")

    @property
    def media_range(self) -> range:
        """The media ports; empty: any free ones."""
        first, _, last = self.media_ports.partition("-")
        return range(int(first), int(last) + 1) if last else range(0)

    @field_validator("database_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("an address like postgresql://name:password@host/database is expected")
        return url

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError("an IANA zone like Asia/Yekaterinburg is expected") from None
        return zone
