"""Who gives whom an account, read aloud; and that no chain of gifts leads anybody above themselves."""

import itertools

import pytest

from fieldapp.domain.account_rule import GIVES, STANDS_IN, given_by, is_username, may_give
from models.account import Role

OFFICERS = (Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER, Role.PROVINCE_OFFICER, Role.PARTNER, Role.ADMIN)
ALOUD = {
    #                        officer head province partner admin
    Role.MEMBER:            ".       .    .        .       .",
    Role.LEADER:            ".       .    .        .       .",
    Role.COMMUNE_OFFICER:   ".       .    .        .       .",
    Role.COMMUNE_LEADER:    ".       .    .        .       .",
    Role.PROVINCE_OFFICER:  "x       x    .        x       .",
    Role.PARTNER:           ".       .    .        .       .",
    Role.ADMIN:             "x       x    x        x       x",
}  # fmt: skip


@pytest.mark.parametrize("actor", Role)
def test_a_role_gives_what_the_table_says_and_nothing_else(actor: Role) -> None:
    expected = {role for role, mark in zip(OFFICERS, ALOUD[actor].split(), strict=True) if mark == "x"}
    assert {role for role in Role if may_give(actor, role)} == expected == set(given_by(actor))


@pytest.mark.parametrize("actor", Role)
def test_what_somebody_makes_can_make_nothing_that_they_cannot(actor: Role) -> None:
    for given in given_by(actor):
        assert set(given_by(given)) <= set(given_by(actor)), (actor, given)


def test_a_change_needs_both_what_an_account_is_and_what_it_becomes() -> None:
    for actor, before, after in itertools.product(Role, Role, Role):
        assert may_give(actor, before, after) == (may_give(actor, before) and may_give(actor, after))
    assert not may_give(Role.PROVINCE_OFFICER, Role.ADMIN, Role.COMMUNE_OFFICER)
    assert not may_give(Role.PROVINCE_OFFICER, Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER)
    assert not may_give(Role.ADMIN)


def test_members_have_no_accounts_and_every_officer_stands_somewhere() -> None:
    assert set(STANDS_IN) == set(OFFICERS)
    assert not {Role.MEMBER, Role.LEADER} & {role for roles in GIVES.values() for role in roles}


@pytest.mark.parametrize("name", ["xa.21484", "admin", "a-b_c.9", "tinh"])
def test_a_user_name_is_typed_alike_on_every_keyboard(name: str) -> None:
    assert is_username(name)


@pytest.mark.parametrize(
    "name", ["", "ab", ".abc", "-abc", "Xa.1", "xã.21484", "a b c", "a" * 61, "abc\n", "abc\x00", "а" * 5]
)
def test_anything_else_is_no_user_name(name: str) -> None:
    assert not is_username(name)
