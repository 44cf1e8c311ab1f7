"""Certificates for TLS; and no test of this folder may pass while the stack has caught an error of its own."""

import ssl
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from tests.certificates import self_signed


@pytest.fixture(autouse=True)
def no_errors_inside() -> Iterator[None]:
    """What the borders of the stack have caught and logged is a failure of the test."""
    with capture_logs() as logs:
        yield
    assert [entry for entry in logs if entry["log_level"] == "error"] == []


@pytest.fixture(scope="session")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ssl.SSLContext, ssl.SSLContext]]:
    """A server's and a client's TLS context with a certificate made here."""
    file = self_signed(tmp_path_factory.mktemp("tls") / "both.pem", "localhost", "127.0.0.1")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    yield server, ssl.create_default_context(cafile=str(file))
