"""Limits of the chat over several processes: a sender whose requests are spread has no more than one whose are not."""

import pytest
from tests.chat_centre import new_id
from tests.office import Hands

from teplo.domain.errors import TooMany
from teplo.services.rates import ChatRates
from teplo.services.shared_rates import SharedRates
from teplo.storage import messages, threads
from teplo.storage.db import Database
from teplo.storage.threads import Thread

pytestmark = pytest.mark.anyio


def processes(db: Database, clock: Hands, **limits: int) -> list[SharedRates]:
    return [SharedRates(ChatRates(**limits), db, clock) for _ in range(2)]


async def test_chats_opened_from_one_address_count_together(db: Database) -> None:
    clock = Hands()
    both = processes(db, clock, address_threads_per_minute=3)
    for n in range(3):
        await both[n % 2].opening("192.0.2.1")
    for process in both:
        with pytest.raises(TooMany) as refused:
            await process.opening("192.0.2.1")
        assert refused.value.code == "rate.threads" and 1 <= refused.value.details["retry_after"] <= 60
        await process.opening("192.0.2.2")
    clock.now += 120
    await both[1].opening("192.0.2.1")


async def test_files_of_a_sender_and_of_an_address_count_together(db: Database) -> None:
    clock = Hands()
    both = processes(db, clock, thread_files_per_minute=2, address_files_per_minute=3)
    for n in range(2):
        await both[n].uploading("thread", "192.0.2.1")
    for process in both:
        with pytest.raises(TooMany):
            await process.uploading("thread", "192.0.2.9")
    await both[0].uploading("another thread", "192.0.2.1")
    with pytest.raises(TooMany):
        await both[1].uploading("a third thread", "192.0.2.1")


async def test_messages_of_a_thread_count_together_once_there_are_enough(db: Database) -> None:
    clock = Hands()
    both = processes(db, clock, thread_messages_per_10_seconds=4)
    thread, contact = await a_thread(db), new_id()
    for n in range(4):
        await both[n % 2].writing(await current(db, thread))
        async with db.connection() as conn:
            await messages.append(
                conn,
                thread=thread,
                id=new_id(),
                contact=contact,
                author="subscriber",
                kind="text",
                at=clock(),
                text="!",
            )
            await messages.append(
                conn, thread=thread, id=new_id(), contact=contact, author="agent", kind="text", at=clock(), text="?"
            )
        clock.now += 1
    for process in both:
        with pytest.raises(TooMany) as refused:
            await process.writing(await current(db, thread))
        assert (refused.value.code, refused.value.details) == ("rate.messages", {"retry_after": 6})
    clock.now += 7
    await both[0].writing(await current(db, thread))


async def a_thread(db: Database) -> str:
    id = new_id()
    async with db.connection() as conn:
        await threads.create(
            conn, id=id, token_hash=id.encode(), entry="site", subscriber=None, name=None, number=None,
            language="ru", region=None, reason=None, queue="q", page=None,
        )  # fmt: skip
    return id


async def current(db: Database, thread: str) -> Thread:
    async with db.connection() as conn:
        found = await threads.get(conn, thread)
    assert found is not None
    return found
