"""The API as its own description tells it: fuzzed by schemathesis, no answer may be a 5xx or break the description."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.serving import Serving, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3000)]

NIGHTLY = bool(os.environ.get("TEPLO_NIGHTLY"))
PHASES = "examples,coverage,fuzzing" if NIGHTLY else "examples,fuzzing"
EXAMPLES = "40" if NIGHTLY else "4"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
ENDS_THE_SESSION = "signOut"


@pytest.fixture(scope="module")
def centre(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(template, tmp_path_factory.mktemp("openapi")) as served:
        yield served


@pytest.mark.parametrize("login", ["admin", "agent1"])
def test_every_operation_keeps_to_its_description(centre: Serving, login: str, tmp_path: Path) -> None:
    api = f"{centre.address}/api/v1"
    with httpx.Client(base_url=api) as http:
        signed = http.post("/session", json={"login": login, "password": centre.password})
        assert signed.status_code == 200, signed.text
        cookie, csrf = http.cookies["teplo_session"], signed.json()["csrf"]
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{api}/openapi.json"]
    command += ["-H", f"Cookie: teplo_session={cookie}", "-H", f"X-CSRF-Token: {csrf}"]
    command += ["--checks", CHECKS, "--phases", PHASES, "--max-examples", EXAMPLES, "--seed", "72", "--no-color"]
    command += ["--exclude-operation-id", ENDS_THE_SESSION, "--continue-on-failure", "--request-timeout", "20"]
    command += ["--suppress-health-check", "too_slow"]  # how long it takes to make data says nothing about the product
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    assert centre.alive()
