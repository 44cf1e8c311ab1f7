"""Who may do what."""

import pytest

from teplo.domain.errors import NotAllowed
from teplo.services.access import PERMISSIONS, ROLE_PERMISSIONS, ROLES, SYSTEM, Caller, require


def caller(role: str) -> Caller:
    return Caller("id", role, "Имя", "Имя", None, "ru", ROLE_PERMISSIONS[role])


def test_every_role_has_permissions_and_none_has_all() -> None:
    assert set(ROLES) == set(ROLE_PERMISSIONS)
    assert all(ROLE_PERMISSIONS[role] < PERMISSIONS for role in ROLES)


@pytest.mark.parametrize("permission", ["config.write", "people.write", "audit.read"])
def test_only_administrators_change_the_centre_and_read_the_audit(permission: str) -> None:
    assert [role for role in ROLES if caller(role).may(permission)] == ["administrator"]


def test_who_handles_contacts_does_not_include_administrators_quality_and_planners() -> None:
    assert [role for role in ROLES if caller(role).may("contact.handle")] == ["agent", "senior", "supervisor"]


def test_a_missing_permission_is_named() -> None:
    with pytest.raises(NotAllowed) as refused:
        require(caller("agent"), "floor.steer")
    assert (refused.value.code, refused.value.details) == ("access.denied", {"permission": "floor.steer"})
    require(caller("supervisor"), "floor.steer")


def test_the_system_may_everything_and_is_no_person() -> None:
    assert all(SYSTEM.may(permission) for permission in PERMISSIONS)
    assert SYSTEM.actor is None
    assert caller("agent").actor == "id"
