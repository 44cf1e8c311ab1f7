"""Signing in: nothing secret is stored or told, guessing is slow, sessions end."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import pytest
from argon2 import PasswordHasher
from tests.office import PASSWORD, Office, open_office, until

from teplo.storage import people, rate_counts
from teplo.storage.db import Database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(db: Database) -> AsyncIterator[Office]:
    async with open_office(db, per_address=(20, 300.0)) as opened:
        await opened.hire("admin", "administrator")
        await opened.hire("agent1", "agent", display_name="Айгуль")
        yield opened


async def audit_of(office: Office) -> list[dict[str, object]]:
    admin = await office.signed_in("admin", address="198.51.100.9")
    found: list[dict[str, object]] = (await admin.get("/audit?limit=200")).json()["items"]
    return found


async def test_a_person_signs_in_and_is_told_who_they_are(office: Office) -> None:
    browser = office.browser()
    answer = await browser.sign_in("  Agent1 ")
    assert answer.status_code == 200
    told = answer.json()
    assert told["person"] == {
        "id": office.people["agent1"],
        "name": "Имя agent1",
        "display_name": "Айгуль",
        "role": "agent",
        "team": None,
        "language": "ru",
    }
    assert told["permissions"] == ["config.read", "contact.handle", "contact.read", "recording.listen"]
    assert told["server_time"] == office.clock()
    assert (await browser.get("/session")).json() == told


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(office: Office) -> None:
    for scheme, secure in (("http", ""), ("https", True)):
        answer = await office.browser(scheme=scheme).sign_in("agent1")
        cookie = SimpleCookie(answer.headers["set-cookie"])["teplo_session"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
        assert cookie["secure"] == secure


async def test_only_a_hash_of_the_token_is_stored(office: Office) -> None:
    browser = await office.signed_in("agent1")
    token = browser.http.cookies["teplo_session"]
    async with office.db.connection() as conn:
        row = await (await conn.execute("select * from session")).fetchone()
    assert row is not None
    assert token not in str(row)
    assert token.encode() not in row[0]


async def test_a_wrong_password_and_an_unknown_login_look_the_same(office: Office) -> None:
    wrong = await office.browser().sign_in("agent1", "something quite else")
    unknown = await office.browser().sign_in("nobody-by-this-name", "something quite else")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "login.failed"
    assert "set-cookie" not in wrong.headers


async def test_the_audit_knows_whose_sign_in_failed_but_nothing_of_unknown_people(office: Office) -> None:
    await office.browser().sign_in("agent1", "something quite else")
    await office.browser().sign_in("my-secret-typed-here", "something quite else")
    lines = await audit_of(office)
    assert [line["person"] for line in lines if line["action"] == "session.refused"] == [None, office.people["agent1"]]
    assert "my-secret" not in str(lines)


async def test_without_a_session_there_is_nothing(office: Office) -> None:
    for token in ("", "x", "a" * 43, "ы" * 20, "a" * 5000):
        browser = office.browser()
        answer = await browser.http.get("/session", headers={"Cookie": f"teplo_session={token}".encode()})
        assert (answer.status_code, answer.json()["code"]) == (401, "session.missing")


async def test_unsafe_methods_need_the_csrf_token_of_this_session(office: Office) -> None:
    browser, other = await office.signed_in("agent1"), await office.signed_in("admin")
    for token in ("", "wrong", other.session["csrf"], "ы"):
        answer = await browser.http.request("DELETE", "/session", headers={"X-CSRF-Token": token.encode()})
        assert (answer.status_code, answer.json()["code"]) == (403, "session.csrf")
    assert (await browser.call("DELETE", "/session")).status_code == 204
    assert (await browser.get("/session")).status_code == 401


async def test_signing_out_closes_the_session_for_good(office: Office) -> None:
    browser = await office.signed_in("agent1")
    token = browser.http.cookies["teplo_session"]
    answer = await browser.call("DELETE", "/session")
    assert 'teplo_session=""' in answer.headers["set-cookie"]
    again = await office.browser().http.get("/session", headers={"Cookie": f"teplo_session={token}"})
    assert again.status_code == 401


async def test_signing_in_again_gives_a_new_token_and_ends_the_old_one(office: Office) -> None:
    browser = await office.signed_in("agent1")
    old = browser.http.cookies["teplo_session"]
    await browser.sign_in("agent1")
    assert browser.http.cookies["teplo_session"] != old
    again = await office.browser().http.get("/session", headers={"Cookie": f"teplo_session={old}"})
    assert again.status_code == 401


async def test_a_session_lives_while_it_is_used_but_not_longer_than_a_day(office: Office) -> None:
    browser = await office.signed_in("agent1")
    for _ in range(3):
        office.clock.now += 7 * 3600
        assert (await browser.get("/session")).status_code == 200
    office.clock.now += 3 * 3600 + 1
    answer = await browser.get("/session")
    assert (answer.status_code, answer.json()["code"]) == (401, "session.expired")


async def test_an_unused_session_ends_after_twelve_hours_and_is_swept_away(office: Office) -> None:
    browser = await office.signed_in("agent1")
    office.clock.now += 12 * 3600 + 1
    assert (await browser.get("/session")).json()["code"] == "session.expired"
    async with office.db.transaction() as conn:
        assert await people.drop_expired_sessions(conn, office.clock()) == 1
    assert (await browser.get("/session")).json()["code"] == "session.missing"


async def test_guessing_one_login_is_stopped_even_if_the_next_guess_is_right(
    office: Office,
) -> None:
    for n in range(10):
        await office.browser(f"192.0.2.{n}").sign_in("agent1", f"guess number {n}")
    answer = await office.browser("192.0.2.99").sign_in("agent1")
    assert (answer.status_code, answer.json()["code"]) == (429, "login.too_many")
    assert 1 <= int(answer.headers["Retry-After"]) <= 300
    assert (await office.browser("192.0.2.99").sign_in("admin")).status_code == 200


async def test_signing_in_rightly_forgives_earlier_slips(office: Office) -> None:
    for _ in range(3):
        for n in range(4):
            await office.browser().sign_in("agent1", f"a slip of the finger {n}")
        assert (await office.browser().sign_in("agent1")).status_code == 200


async def test_guessing_many_logins_from_one_address_is_stopped(office: Office) -> None:
    for n in range(20):
        assert (await office.browser("2001:db8::1").sign_in(f"guess{n}", "a common password")).status_code == 401
    stopped = await office.browser("2001:db8::ffff").sign_in("agent1")
    assert (stopped.status_code, stopped.json()["code"]) == (429, "login.too_many")
    assert (await office.browser("2001:db8:1::1").sign_in("agent1")).status_code == 200


async def test_guesses_at_several_processes_count_together(office: Office, db: Database) -> None:
    async with open_office(db, per_address=(20, 300.0)) as other:
        for n in range(5):
            for process in (office, other):
                await process.browser(f"192.0.2.{n}").sign_in("agent1", f"guess number {n}")
        for process in (office, other):
            assert (await process.browser("192.0.2.99").sign_in("agent1")).json()["code"] == "login.too_many"
        for n in range(11):
            process = (office, other)[n % 2]
            await process.browser("198.51.100.1").sign_in(f"nobody{n}", "a common password")
            await process.browser("198.51.100.1").sign_in(f"nobody{n}", "another password")
        for process in (office, other):
            stopped = await process.browser("198.51.100.1").sign_in("admin")
            assert (stopped.status_code, stopped.json()["code"]) == (429, "login.too_many")
            process.clock.now += 600
        assert (await other.browser("192.0.2.99").sign_in("agent1")).status_code == 200


async def test_what_was_typed_as_a_login_is_not_kept_and_the_counts_are_swept_away(office: Office) -> None:
    await office.browser().sign_in("a password in the wrong field", "x")
    async with office.db.transaction() as conn:
        kept = await (await conn.execute("select count(*), min(length(who)) from rate_count")).fetchone()
        assert kept == (2, 32), "one for the login and one for the address, as hashes"
        assert await rate_counts.drop_old(conn, office.clock()) == 0
        assert await rate_counts.drop_old(conn, office.clock() + 600) == 2


async def test_changing_the_password_closes_the_other_sessions(office: Office) -> None:
    here, elsewhere = await office.signed_in("agent1"), await office.signed_in("agent1")
    answer = await here.call("POST", "/session/password", json={"old": PASSWORD, "new": "десять зна"})
    assert answer.status_code == 204
    assert (await here.get("/session")).status_code == 200
    assert (await elsewhere.get("/session")).status_code == 401
    assert (await office.browser().sign_in("agent1")).status_code == 401
    assert (await office.browser().sign_in("agent1", "десять зна")).status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (PASSWORD, "девять зн", "password.too_short"),
        (PASSWORD, "a" * 201, "password.too_long"),
        ("not the old one", "a new long password", "password.wrong"),
    ],
)
async def test_a_password_change_that_is_refused_changes_nothing(office: Office, old: str, new: str, code: str) -> None:
    browser = await office.signed_in("agent1")
    answer = await browser.call("POST", "/session/password", json={"old": old, "new": new})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await office.browser().sign_in("agent1")).status_code == 200


async def test_a_hash_with_old_parameters_is_renewed_at_sign_in(office: Office) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    async with office.db.transaction() as conn:
        await people.set_password(conn, office.people["agent1"], "agent1", old, 0)
    assert (await office.browser().sign_in("agent1")).status_code == 200
    async with office.db.connection() as conn:
        found = await people.credential(conn, office.people["agent1"])
    assert found is not None and found.password_hash != old
    assert (await office.browser().sign_in("agent1")).status_code == 200


async def test_who_is_removed_or_gets_another_role_feels_it_at_once(office: Office) -> None:
    admin, agent = await office.signed_in("admin"), await office.signed_in("agent1")
    id = office.people["agent1"]
    body = (await admin.get(f"/config/person/{id}")).json()["body"]
    assert (await admin.change("person", id, {**body, "role": "planner"}, 1)).status_code == 200
    assert "contact.handle" not in (await agent.get("/session")).json()["permissions"]
    assert (await admin.remove("person", id, 2)).status_code == 200
    assert (await agent.get("/session")).status_code == 401
    assert (await office.browser().sign_in("agent1")).status_code == 401


async def test_what_ends_a_session_at_one_process_ends_it_at_all(office: Office, db: Database) -> None:
    """Each process keeps open sessions in its memory, but never longer than they are open."""
    async with open_office(db) as other, asyncio.TaskGroup() as group:
        hearing = [group.create_task(process.sessions.known.run()) for process in (office, other)]
        for process in (office, other):
            await process.sessions.known.hearing.wait()
        admin, here = await office.signed_in("admin"), await office.signed_in("agent1")
        there = other.browser()
        there.http.cookies = here.http.cookies
        kept = hashlib.sha256(here.http.cookies["teplo_session"].encode()).digest()
        for process, browser in ((office, here), (other, there)):
            assert "contact.handle" in (await browser.get("/session")).json()["permissions"]
            assert process.sessions.known.get(kept) is not None

        id = office.people["agent1"]
        body = (await admin.get(f"/config/person/{id}")).json()["body"]
        assert (await admin.change("person", id, {**body, "role": "planner"}, 1)).status_code == 200
        assert "contact.handle" not in (await here.get("/session")).json()["permissions"]
        await until(lambda: other.sessions.known.get(kept) is None)
        assert "contact.handle" not in (await there.get("/session")).json()["permissions"]

        assert (await here.call("DELETE", "/session")).status_code == 204
        assert (await here.get("/session")).status_code == 401
        await until(lambda: other.sessions.known.get(kept) is None)
        assert (await there.get("/session")).status_code == 401
        for task in hearing:
            task.cancel()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'{"login": 1, "password": []}', b'{"login": "a"}',
        b'{"login": "", "password": "x"}',
        b'{"login": "\\u0000", "password": "\\u0000"}', b'{"login": "\\ud800", "password": "\\ud800"}',
        b'{"login": "%s", "password": "x"}' % (b"a" * 5000), b"\xff\xfe", b"[" * 20_000,
    ],
)  # fmt: skip
async def test_malformed_sign_ins_are_clear_errors(office: Office, content: bytes) -> None:
    answer = await office.browser().http.post("/session", content=content, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_form_of_another_site_cannot_sign_anybody_in(office: Office) -> None:
    content = b'{"login": "agent1", "password": "%s"}' % PASSWORD.encode()
    answer = await office.browser().http.post("/session", content=content, headers={"Content-Type": "text/plain"})
    assert answer.status_code in (415, 422)
