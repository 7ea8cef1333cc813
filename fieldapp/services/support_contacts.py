"""Contacts and the common group of a commune: kept by its office or the province's, given to phones with its scope."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.support_contact import MOST_CONTACTS, CommuneGroupForm, ContactForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.scopes import commune_key, raise_versions
from models.base import utc_now
from models.commune_group import CommuneGroup
from models.support_contact import ContactKind, SupportContact
from models.unit import Unit, UnitKind

CONTACTS, UNITS = SupportContact.__table__, Unit.__table__
ORDER = (ContactKind.OFFICE, ContactKind.COMPANY, ContactKind.OTHER)


async def keep(session: AsyncSession, who: Principal, form: ContactForm) -> SupportContact:
    """Adds a contact of one's own unit, or puts one right. Raises `forbidden`, `not_found`, `contacts_full`."""
    require(who, Action.KEEP_CONTACT)
    said: dict[str, Any] = form.model_dump(exclude={"contact"})
    said["region"] = form.region if who.commune_id is None else None
    if form.contact:
        row = await _get_own(session, who, form.contact)
        row.sqlmodel_update(said)
    else:
        await _raise(session, who.commune_id)
        if await _count(session, who.commune_id) >= MOST_CONTACTS:
            raise Problem("contacts_full", most=MOST_CONTACTS)
        row = SupportContact(commune_id=who.commune_id, kept_by_id=who.account_id or 0, **said)
    session.add(row)
    await session.flush()
    await audit.write(session, [audit.event(who, "contact.keep", "contact", row.id, row.commune_id, title=row.name)])
    return row


async def discard(session: AsyncSession, who: Principal, contact_id: int) -> None:
    """Takes a contact off everybody's phone. Raises `forbidden`, `not_found`."""
    row = await _get_own(session, who, contact_id)
    row.discarded_at = utc_now()
    await session.flush()
    await audit.write(session, [audit.event(who, "contact.discard", "contact", row.id, row.commune_id, title=row.name)])


async def keep_group(session: AsyncSession, who: Principal, form: CommuneGroupForm) -> CommuneGroup:
    """Says anew what the commune's common group is. Raises `forbidden`, `made_in_future`."""
    require(who, Action.KEEP_CONTACT, Place(commune_id=who.commune_id))
    if who.commune_id is None:
        raise Problem("forbidden")
    if form.counted_on > vn_day(utc_now()):
        raise Problem("made_in_future", "counted_on")
    await _raise(session, who.commune_id)
    row = await session.get(CommuneGroup, who.commune_id)
    said = form.model_dump() | {"kept_by_id": who.account_id or 0, "kept_at": utc_now()}
    if row is None:
        row = CommuneGroup(commune_id=who.commune_id, **said)
    row.sqlmodel_update(said)
    session.add(row)
    await session.flush()
    await audit.write(session, [audit.event(who, "commune_group.keep", "contact", row.commune_id, row.commune_id)])
    return row


async def _get_own(session: AsyncSession, who: Principal, contact_id: int) -> SupportContact:
    require(who, Action.KEEP_CONTACT)
    row = await session.get(SupportContact, contact_id)
    if row is None or row.discarded_at is not None:
        raise Problem("not_found")
    if row.commune_id != who.commune_id:
        raise Problem("forbidden")
    await _raise(session, row.commune_id)
    return row


async def _raise(session: AsyncSession, commune_id: int | None) -> None:
    """Of the province's contacts every commune's phones are told."""
    communes = [commune_id] if commune_id else (await session.execute(_communes())).scalars()
    await raise_versions(session, map(commune_key, communes))


def _communes() -> Any:
    return select(UNITS.c.id).where(UNITS.c.kind == UnitKind.COMMUNE)


async def _count(session: AsyncSession, commune_id: int | None) -> int:
    mine = and_(CONTACTS.c.commune_id.is_not_distinct_from(commune_id), CONTACTS.c.discarded_at.is_(None))
    return (await session.execute(select(func.count(CONTACTS.c.id)).where(mine))).scalar_one()


async def list_for(session: AsyncSession, commune_id: int) -> Sequence[Any]:
    """The commune's own contacts, then the province's for its part of it; offices before companies."""
    region = select(UNITS.c.region).where(UNITS.c.id == commune_id).scalar_subquery()
    provinces = and_(CONTACTS.c.commune_id.is_(None), or_(CONTACTS.c.region.is_(None), CONTACTS.c.region == region))
    query = select(CONTACTS).where(
        CONTACTS.c.discarded_at.is_(None), or_(CONTACTS.c.commune_id == commune_id, provinces)
    )
    rows = (await session.execute(query)).all()
    return sorted(rows, key=lambda row: (row.commune_id is None, ORDER.index(ContactKind(row.kind)), row.name, row.id))


async def phone_rows(session: AsyncSession, commune_id: int) -> dict[str, Any]:
    contacts = [
        {
            "id": row.id,
            "kind": row.kind,
            "name": row.name,
            "about": row.about,
            "phone": row.phone,
            "zalo": row.zalo,
            "ours": row.commune_id is not None,
        }
        for row in await list_for(session, commune_id)
    ]
    group = await session.get(CommuneGroup, commune_id)
    told = group and {
        "name": group.name,
        "link": group.link,
        "leaders": group.leaders,
        "teams": group.teams,
        "companies": group.companies,
        "day": group.counted_on.isoformat(),
    }
    return {"contacts": contacts, "commune_group": told or {}}
