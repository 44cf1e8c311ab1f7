"""The configuration files of a large site, read by Kamailio itself. Calls go through them in tests/calls."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

FILES = Path(__file__).resolve().parents[2] / "deploy" / "large-site"
KAMAILIO = shutil.which("kamailio")
MODULES = ("tls.so", "websocket.so")
MISSING = [name for name in MODULES if not list(Path("/usr/lib").glob(f"*/kamailio/modules/{name}"))]
pytestmark = pytest.mark.skipif(
    KAMAILIO is None or bool(MISSING),
    reason="Kamailio is not installed (apt install kamailio kamailio-tls-modules kamailio-websocket-modules)",
)


@pytest.mark.parametrize("tls", [True, False])
@pytest.mark.parametrize("websocket", [True, False])
def test_kamailio_reads_the_files(tls: bool, websocket: bool, tmp_path: Path) -> None:
    assert KAMAILIO is not None
    shutil.copytree(FILES, tmp_path, dirs_exist_ok=True)
    site = (FILES / "site.cfg").read_text().replace("/etc/kamailio", str(tmp_path))
    site = re.sub(r"^#.*!define WITH_.*\n", "", site, flags=re.M)
    site += "#!define WITH_TLS\n" * tls + "#!define WITH_WEBSOCKET\n" * websocket
    (tmp_path / "site.cfg").write_text(site)
    read = subprocess.run(
        [KAMAILIO, "-c", "-f", str(tmp_path / "kamailio.cfg")], capture_output=True, text=True, timeout=30, check=False
    )
    assert read.returncode == 0, read.stderr[-3000:]
    assert ("tls: " in read.stdout + read.stderr) is tls
