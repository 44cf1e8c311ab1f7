"""Migrations are told apart by their numbers: two with one number would leave a database that cannot be migrated."""

from teplo.storage.migrate import available


def test_every_migration_has_a_number_of_its_own() -> None:
    numbers = [number for number, _, _ in available()]
    assert numbers == sorted(set(numbers))
