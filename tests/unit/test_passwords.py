"""Passwords."""

import asyncio

import pytest

from teplo.domain.errors import Invalid, TooMany
from teplo.services import passwords
from teplo.services.passwords import Passwords

pytestmark = pytest.mark.anyio


async def test_a_password_fits_its_own_hash_only() -> None:
    hasher = Passwords()
    hashed = await hasher.hash("десять букв и больше")
    assert hashed.startswith("$argon2id$")
    assert await hasher.verify(hashed, "десять букв и больше")
    assert not await hasher.verify(hashed, "десять букв и меньше")


async def test_the_same_letters_typed_differently_are_the_same_password() -> None:
    hasher = Passwords()
    assert await hasher.verify(await hasher.hash("мой пароль"), "мои\u0306 пароль")


async def test_nobody_has_a_password_and_costs_as_much_as_somebody() -> None:
    assert not passwords.needs_rehash(passwords._nobody)
    assert not await Passwords().verify(None, "")
    assert not await Passwords().verify("not a hash at all", "x")


async def test_a_rush_is_refused_before_it_fills_the_memory() -> None:
    hasher = Passwords()
    hasher._waiting = passwords._MOST_WAITING
    with pytest.raises(TooMany, match=r"login\.busy"):
        await hasher.verify(None, "x")


async def test_few_are_computed_at_once() -> None:
    hasher = Passwords()
    results = await asyncio.gather(*(hasher.verify(None, "x") for _ in range(6)))
    assert results == [False] * 6
    assert hasher._waiting == 0


@pytest.mark.parametrize("password", ["", "123456789", "x" * 201])
def test_length_is_the_only_rule(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check_new(password)
    passwords.check_new("1234567890")


def test_generated_passwords_are_long_and_different() -> None:
    made = {passwords.generate() for _ in range(100)}
    assert len(made) == 100
    assert all(len(password) == 19 for password in made)
