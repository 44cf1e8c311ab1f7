"""baresip as a telephone of somebody else's: told what to do, and heard by what it records."""

import asyncio
import json
import re
import shutil
import socket
import struct
import wave
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
import soxr

from teplo.storage.ports import free_port

from .nat import Site
from .people import PATIENCE, share, until

CONFIG = """\
sip_listen {host}:{port}
net_interface {host}
audio_source aufile,{spoken}
audio_player aubridge,nowhere
audio_txmode thread
snd_path {folder}
ctrl_tcp_listen 127.0.0.1:{control}
opus_bitrate 24000
opus_inbandfec yes
opus_application voip
module_path /usr/lib/baresip/modules
module g711.so
module opus.so
module aubridge.so
module aufile.so
module sndfile.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
"""


def speech(path: Path, hertz: float, rate: int) -> Path:
    """A minute of a tone."""
    wave_at = 8000 * np.sin(2 * np.pi * hertz * np.arange(60 * rate) / rate)
    channels = 1 if rate == 8000 else 2
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.repeat(wave_at, channels).astype("<i2").tobytes())
    return path


class Baresip:
    """One that speaks a tone; `account` is a line of its file without the codecs, `more` lines of its configuration.

    `at` is where in a site it stands, and its address there. With `trace` it says each SIP message.
    """

    def __init__(
        self,
        folder: Path,
        account: str,
        hertz: float,
        *,
        codec: str = "PCMA",
        rate: int = 8000,
        at: tuple[Site, str, str] | None = None,
        port: int | None = None,
        more: str = "",
        trace: bool = False,
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.port, self.control = folder, port or free_port(), free_port()
        self._at = at
        self._options = ["-v", "-s"] if trace else ["-v"]
        config = CONFIG.format(
            host=at[2] if at else "127.0.0.1",
            port=self.port,
            control=self.control,
            folder=folder,
            spoken=speech(folder / "spoken.wav", hertz, rate),
        )
        (folder / "config").write_text(config + more)
        (folder / "accounts").write_text(f"{account};audio_codecs={codec}\n")
        (folder / "contacts").write_text("")
        self.process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        command = [program("baresip", "baresip-core"), *self._options, "-f", str(self.folder)]
        if self._at is not None:
            command = self._at[0].command(self._at[1], *command)
        with (self.folder / "said").open("wb") as said:
            self.process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.DEVNULL, stdout=said, stderr=said
            )
        await until(lambda: b"TCP socket listening" in self.said, "baresip is up")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.quit()

    @property
    def said(self) -> bytes:
        return (self.folder / "said").read_bytes()

    async def tell(self, command: str, params: str = "") -> None:
        """Give a command of baresip's menu; it must be taken."""
        place = ("127.0.0.1", self.control)
        made = self._at[0].inside(self._at[1], lambda: socket.create_connection(place)) if self._at else None
        reader, writer = await (asyncio.open_connection(sock=made) if made else asyncio.open_connection(*place))
        body = json.dumps({"command": command, "params": params, "token": "1"}).encode()
        writer.write(b"%d:%b," % (len(body), body))
        async with asyncio.timeout(PATIENCE):
            while True:
                answer = json.loads(await reader.readexactly(int((await reader.readuntil(b":"))[:-1])))
                await reader.readexactly(1)
                if answer.get("response"):
                    break
        writer.close()
        assert answer["ok"], answer

    async def quit(self) -> None:
        """Hang up and end; what it heard is in its files then."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await asyncio.wait_for(self.process.wait(), 10)

    def heard(self) -> np.ndarray[Any, Any]:
        """All that it has heard in its newest call so far, as samples of 8 kHz."""
        files = sorted(self.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)
        data = files[-1].read_bytes() if files else b""
        if len(data) < 44:
            return np.zeros(0, dtype=np.int16)
        channels, rate = struct.unpack_from("<HI", data, 22)
        # The header says how much there is only when the call is over.
        samples = np.frombuffer(data[44 : len(data) // 4 * 4], dtype="<i2").reshape(-1, channels)[:, 0]
        return samples if rate == 8000 else soxr.resample(samples, rate, 8000)

    def receives(self) -> bool:
        """Tell whether sound comes in now. After a hold baresip 1.0 hears, but does not write it down any more."""
        rates = re.findall(rb"audio=\d+/(\d+) ", self.said[-400:])
        return bool(rates) and int(rates[-1]) > 10_000

    def heard_long(self, hertz: float, seconds: float = 1.0, after: int = 0) -> bool:
        """Tell whether it has heard nearly nothing but this tone for so long, without a hole.

        `after` that many samples of the call.
        """
        heard, step, row = self.heard()[after:], 800, 0
        for at in range(0, len(heard) - step, step):
            row = row + 1 if share(heard[at : at + step], hertz) > 0.8 else 0
            if row * step >= seconds * 8000:
                return True
        return False


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (apt install {package})")
    return found
