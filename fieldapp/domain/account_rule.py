"""Who may give whom an account: a table that can be read aloud, and what an account of each role stands in.

Communes make none. An account reads residents' data or changes whose it is; it is given by somebody who answers for it
from above, so that nobody makes another like themselves or takes one from a colleague. A commune's own people, its
teams, have no accounts: the commune invites them itself.
"""

import re

from models.account import Role
from models.unit import UnitKind

GIVES: dict[Role, tuple[Role, ...]] = {
    Role.ADMIN: (
        Role.COMMUNE_OFFICER,
        Role.COMMUNE_LEADER,
        Role.PROVINCE_OFFICER,
        Role.PARTNER,
        Role.ADMIN,
    ),
    Role.PROVINCE_OFFICER: (Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER, Role.PARTNER),
}
"""Role -> the roles whose accounts it makes, changes, locks and ends. Who stands in no row gives none."""

STANDS_IN: dict[Role, UnitKind] = {
    Role.COMMUNE_OFFICER: UnitKind.COMMUNE,
    Role.COMMUNE_LEADER: UnitKind.COMMUNE,
    Role.PROVINCE_OFFICER: UnitKind.PROVINCE,
    Role.PARTNER: UnitKind.PROVINCE,
    Role.ADMIN: UnitKind.PROVINCE,
}
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


def given_by(role: Role) -> tuple[Role, ...]:
    """The roles whose accounts this role looks after."""
    return GIVES.get(role, ())


def may_give(actor: Role, *roles: Role) -> bool:
    """Whether this role looks after all of these: what an account is, and what it becomes."""
    return bool(roles) and all(role in given_by(actor) for role in roles)


def is_username(name: str) -> bool:
    """Small letters, digits, dot, hyphen and underscore: what is typed alike on every keyboard."""
    return USERNAME.fullmatch(name) is not None
