"""The media of recorded calls alone, for `bench voice`: bridged RTP legs, mixed and recorded in stereo.

Each call is two legs of G.711 that hear each other, and one stereo recording (encrypted). Another process, the load,
sends a packet every 20 ms to every leg and counts what comes back. The cost is the worker's own CPU time (all threads,
the kernel's work for its system calls included) by the packets really sent, so that the load process beside it does not
count. The lateness of ticks is measured by the clock and feels whatever else the machine does: a row with ticks late or
packets lost says nothing about the worker unless the machine was quiet, and no number of calls is claimed from it. The
peer is Asterisk 22 on two cores of this kind: 100 recorded bridged calls 78 % of a core, 200 calls 143 %.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import select
import socket
import struct
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from teplo.channels.voice.media.g711 import ALAW
from teplo.channels.voice.media.leg import Leg
from teplo.channels.voice.media.mixer import Mixer
from teplo.channels.voice.media.recording import Disk, Recorder
from teplo.channels.voice.media.rtp_leg import RtpLeg, Sockets

from .voice_worker import memory_mb

PEER_PCT_PER_CALL = 143 / 200
HEADER = struct.Struct("!BBHII")
KEY = bytes(range(32))


def load(pipe: Connection, legs: int) -> None:
    """Be the far ends: one socket per leg; packets spread over the 20 ms as those of independent phones are."""
    socks = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(legs)]
    for sock in socks:
        sock.setblocking(False)
        sock.bind(("127.0.0.1", 0))
    pipe.send([sock.getsockname()[1] for sock in socks])
    for sock, port in zip(socks, pipe.recv(), strict=True):
        sock.connect(("127.0.0.1", port))
    payload = bytes(range(128, 208)) * 2
    poll = select.epoll()
    for sock in socks:
        poll.register(sock.fileno(), select.EPOLLIN)
    by_file = {sock.fileno(): sock for sock in socks}
    slices = 10
    sent = received = number = 0
    began = time.monotonic()
    while not pipe.poll():
        header = HEADER.pack(0x80, 8, number & 0xFFFF, number * 160 & 0xFFFFFFFF, 7)
        packet = header + payload
        for part in range(slices):
            for sock in socks[part::slices]:
                try:
                    sock.send(packet)
                    sent += 1
                except OSError:
                    pass
            for file, _ in poll.poll(0, legs):
                try:
                    by_file[file].recv(300)
                    received += 1
                except OSError:
                    pass
            rest = began + (number + (part + 1) / slices) * 0.02 - time.monotonic()
            if rest > 0:
                time.sleep(rest)
        number += 1
    time.sleep(0.2)
    for sock in socks:
        try:
            while sock.recv(300):
                received += 1
        except OSError:
            pass
    pipe.send((sent, received))


class TimedMixer(Mixer):
    """Counts the CPU milliseconds of each tick, reading the sockets included."""

    def __init__(self, sockets: Sockets) -> None:
        super().__init__(self.drain)
        self.sockets, self.work, self.reading = sockets, [0.0], 0.0

    def drain(self, number: int) -> None:
        began = time.thread_time()
        self.sockets.drain(number)
        self.reading = time.thread_time() - began

    def tick(self, number: int, now: float) -> None:
        began = time.thread_time()
        super().tick(number, now)
        self.work.append((time.thread_time() - began + self.reading) * 1000)
        self.reading = 0.0


async def measure(calls: int, seconds: float, recorded: bool) -> dict[str, float]:
    """Run so many calls and return the figures."""
    before = memory_mb()
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=load, args=(there, calls * 2))
    process.start()
    sockets, disk = Sockets(), Disk()
    mixer = TimedMixer(sockets)
    legs: list[RtpLeg] = []
    recorders: list[Recorder] = []
    loop = asyncio.get_running_loop()
    ports = await loop.run_in_executor(None, here.recv)
    with tempfile.TemporaryDirectory() as folder:
        for index, port in enumerate(ports):
            leg = RtpLeg(f"leg{index}", sockets)
            await leg.open("127.0.0.1", [0])
            leg.set_remote("127.0.0.1", port, ALAW, 8, 101)
            mixer.add(leg)
            legs.append(leg)
        for caller, agent in zip(legs[::2], legs[1::2], strict=True):
            caller.hear, agent.hear = {agent}, {caller}
        try:
            async with asyncio.TaskGroup() as group:
                ticking = group.create_task(mixer.run())
                here.send([leg.local_port for leg in legs])
                for index in range(calls if recorded else 0):
                    left: set[Leg] = {legs[2 * index]}
                    recorder = Recorder(
                        Path(folder, str(index)), left, {legs[2 * index + 1]}, disk=disk, key=KEY
                    )  # fmt: skip
                    recorders.append(recorder)
                    mixer.record(recorder)
                    if index % 4 == 3:
                        await asyncio.sleep(1.0 / calls * 4)  # calls begin at different times
                await asyncio.sleep(2.0)
                gc.collect()
                gc.freeze()
                mixer.lateness.reset()
                mixer.work.clear()
                cpu, wall = time.process_time(), time.monotonic()
                sent_before = sum(leg.stats().sent for leg in legs)
                await asyncio.sleep(seconds)
                cpu, wall = time.process_time() - cpu, time.monotonic() - wall
                sent = sum(leg.stats().sent for leg in legs) - sent_before
                late50, late99 = mixer.lateness.quantile_ms(0.5), mixer.lateness.quantile_ms(0.99)
                work = sorted(mixer.work)
                skipped, used = mixer.lateness.skipped, memory_mb() - before
                stats = [leg.stats() for leg in legs]
                ticking.cancel()  # first we are silent, then the far ends count: what was on its way is there
                here.send(None)
                _, far_received = await loop.run_in_executor(None, here.recv)
        finally:
            for recorder in recorders:
                recorder.close()
            for leg in legs:
                leg.close()
            disk.close()
            sockets.close()
            process.join()
    lost_in = sum(figure.loss_pct for figure in stats) / len(stats) / 100
    lost_out = 1 - far_received / sum(figure.sent for figure in stats)
    late = sum(figure.late_pct for figure in stats) / len(stats)
    return {
        "calls": calls,
        "cpu_pct": 100 * cpu / wall,
        "cpu_pct_per_call": 100 * cpu / (sent / 100),
        "late_p50_ms": late50,
        "late_p99_ms": late99,
        "work_p50_ms": work[len(work) // 2],
        "work_p99_ms": work[int(len(work) * 0.99)],
        "skipped": skipped,
        "loss_pct": 100 * max(0.0, lost_in, lost_out, skipped / (wall * 50)),
        "too_late_pct": late,
        "mb_per_call": used / calls,
        "mos": min(figure.mos for figure in stats),
    }
