"""A unit's contacts and its common group as the desk shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Principal, require
from models.commune_group import CommuneGroup
from models.support_contact import SupportContact
from models.unit import Unit, UnitKind

CONTACTS, GROUPS, UNITS = SupportContact.__table__, CommuneGroup.__table__, Unit.__table__


@dataclass(frozen=True)
class ContactPage:
    """`rows` are one's own unit's, and for a commune the province's besides; of `communes` so many have a `group`."""

    rows: Sequence[Any]
    group: CommuneGroup | None
    grouped: int = 0
    communes: int = 0


async def list_contacts(session: AsyncSession, who: Principal) -> ContactPage:
    """Raises `forbidden`."""
    require(who, Action.READ_CONTACT)
    mine = or_(CONTACTS.c.commune_id == who.commune_id, CONTACTS.c.commune_id.is_(None))
    query = select(CONTACTS).where(mine, CONTACTS.c.discarded_at.is_(None))
    order = CONTACTS.c.commune_id.is_(None), CONTACTS.c.kind.desc(), CONTACTS.c.name, CONTACTS.c.id
    rows = (await session.execute(query.order_by(*order))).all()
    if who.commune_id is not None:
        return ContactPage(rows, await session.get(CommuneGroup, who.commune_id))
    standing = UNITS.c.kind == UnitKind.COMMUNE, UNITS.c.valid_to.is_(None)
    communes = (await session.execute(select(func.count(UNITS.c.id)).where(*standing))).scalar_one()
    grouped = select(func.count(GROUPS.c.commune_id)).join(UNITS, UNITS.c.id == GROUPS.c.commune_id).where(*standing)
    return ContactPage(rows, None, (await session.execute(grouped)).scalar_one(), communes)
