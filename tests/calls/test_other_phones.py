"""SIP phones that are not ours call the whole centre: SIPp goes through the menu, baresip hears and is heard."""

import asyncio
import shutil
import wave
from pathlib import Path

import pytest

from teplo.storage.ports import free_port

from .conftest import Centre
from .people import AgentTab, tone, until
from .test_call import AGENT, CALLER, desk_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SCENARIO = Path(__file__).parents[1] / "sip" / "scenarios" / "caller_in_the_menu.xml"


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (apt install {package})")
    return found


async def test_sipp_goes_through_the_menu_and_is_answered(centre: Centre, tmp_path: Path) -> None:
    sipp = program("sipp", "sip-tester")
    async with desk_of(centre, "agent4") as desk, asyncio.TaskGroup() as group:
        calling = await asyncio.create_subprocess_exec(
            sipp, f"{centre.sip[0]}:{centre.sip[1]}", "-sf", str(SCENARIO), "-i", "127.0.0.1", "-p", str(free_port()),
            "-m", "1", "-nostdin", "-timeout", "60s", "-timeout_error", "-trace_err", "-error_file", "errors",
            cwd=tmp_path, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        tab = AgentTab(desk, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(contact)
        await until(lambda: desk.work[contact]["state"] == "talking", "the talk")
        errors = tmp_path / "errors"
        assert await calling.wait() == 0, errors.read_text() if errors.exists() else ""
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "SIPp's BYE is known")
        talking.cancel()
        await desk.dispose(contact, ["BAL.01"], "resolved")
        assert (await desk.record(contact))["ended_by"] == "subscriber"


CONFIG = """\
sip_listen 127.0.0.1:{port}
net_interface 127.0.0.1
audio_source aufile,{spoken}
audio_player aubridge,nowhere
audio_txmode thread
module_path /usr/lib/baresip/modules
module g711.so
module aubridge.so
module aufile.so
module_app account.so
module_app menu.so
"""


def spoken(path: Path) -> Path:
    """A minute of the caller's tone."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(tone(CALLER).samples.astype("<i2").tobytes())
    return path


async def test_baresip_is_heard_and_hears(centre: Centre, tmp_path: Path) -> None:
    baresip = program("baresip", "baresip-core")
    (tmp_path / "config").write_text(CONFIG.format(port=free_port(), spoken=spoken(tmp_path / "spoken.wav")))
    (tmp_path / "accounts").write_text("<sip:+79748006691@127.0.0.1>;regint=0;audio_codecs=PCMA\n")
    (tmp_path / "contacts").write_text("")
    async with desk_of(centre, "agent4") as desk, asyncio.TaskGroup() as group:
        with (tmp_path / "said").open("wb") as said:
            phone = await asyncio.create_subprocess_exec(
                baresip, "-v", "-f", str(tmp_path), "-e", f"/dial sip:612@{centre.sip[0]}:{centre.sip[1]}",
                stdin=asyncio.subprocess.DEVNULL, stdout=said, stderr=said,
            )  # fmt: skip
        contact = (await desk.wait_work("offered", timeout=20))["id"]
        tab = AgentTab(desk, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(contact)
        await until(lambda: tab.ear.hears(CALLER), "baresip's tone at the agent")
        heard = b"incoming rtp for 'audio' established"
        await until(lambda: heard in (tmp_path / "said").read_bytes(), "baresip hears the agent")
        phone.terminate()  # it says BYE
        await asyncio.wait_for(phone.wait(), 10)
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "baresip's BYE is known")
        talking.cancel()
        await desk.dispose(contact, ["BAL.01"], "resolved")
