"""The directory of partner companies: the province keeps it, and each commune its own companies beside it.

What a company's accounts may look at follows from its row at each moment (services/percentages.py).
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import EARLIEST, LATEST
from fieldapp.domain.partner import PartnerForm, is_active
from fieldapp.domain.search_key import fold, nfc
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from models.partner import Partner, PartnerCommune, PartnerPlatform
from models.platform import Platform
from models.unit import Unit, UnitKind

PARTNERS, PLACES, SUPPORTED = Partner.__table__, PartnerCommune.__table__, PartnerPlatform.__table__
PLATFORMS, UNITS = Platform.__table__, Unit.__table__


async def save(session: AsyncSession, who: Principal, form: PartnerForm) -> Partner:
    """A new company, or what is known of one by now. A commune's own company works in that commune alone.

    Raises `forbidden`, `not_found`, `name_missing`, `day_wrong`, `platforms_missing`, `communes_missing`,
    `partner_known`, `invalid` for a platform or commune that there is none of.
    """
    known = await get_kept(session, who, form.partner) if form.partner else None
    own = known.commune_id if known else _kept_by(who)
    name = nfc(form.name.strip())
    if not name:
        raise Problem("name_missing", "name")
    _check_days(form)
    communes = {own} if own is not None else set() if form.everywhere else set(form.communes)
    everywhere = form.everywhere and own is None
    await _require_known(session, form.platforms, communes, everywhere)
    await _require_free(session, known, own, name)
    row = known or Partner(name=name, key="", kind=form.kind, active_from=form.active_from, commune_id=own)
    row.name, row.key, row.kind, row.everywhere = name, fold(name), form.kind, everywhere
    row.contact, row.agreement_number = nfc(form.contact.strip()), nfc(form.agreement_number.strip())
    row.agreement_on, row.active_from, row.active_to = form.agreement_on, form.active_from, form.active_to
    session.add(row)
    await session.flush()
    assert row.id is not None
    await _write(session, row.id, communes, form.platforms)
    detail = {"communes": sorted(communes), "everywhere": everywhere, "platforms": sorted(form.platforms)}
    deed = "partner.change" if known else "partner.add"
    await audit.write(session, [audit.event(who, deed, "partner", row.id, own, name=name, **detail)])
    return row


async def company_of(session: AsyncSession, who: Principal, today: date) -> Partner:
    """The company for which this partner looks. Raises `forbidden`, `partner_idle` where it works here no more."""
    require(who, Action.READ_PERCENTAGE)
    row = await session.get(Partner, who.partner_id) if who.partner_id is not None else None
    if row is None or not is_active(row.active_from, row.active_to, today):
        raise Problem("partner_idle")
    return row


async def list_names(session: AsyncSession) -> list[tuple[int, str]]:
    """Id and name of every company, for those who give accounts."""
    query = select(PARTNERS.c.id, PARTNERS.c.name).order_by(PARTNERS.c.key, PARTNERS.c.id)
    return [(row.id, row.name) for row in await session.execute(query)]


def _kept_by(who: Principal) -> int | None:
    """The commune that keeps a new company; None where the province does."""
    reach = reach_of(who, Action.KEEP_PARTNER)
    if reach is None or (reach is Reach.COMMUNE and who.commune_id is None):
        raise Problem("forbidden")
    return who.commune_id if reach is Reach.COMMUNE else None


async def get_kept(session: AsyncSession, who: Principal, partner_id: int) -> Partner:
    require(who, Action.KEEP_PARTNER)
    query = select(Partner).where(PARTNERS.c.id == partner_id).with_for_update()
    row = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if row is None:
        raise Problem("not_found", "partner")
    require(who, Action.KEEP_PARTNER, Place(commune_id=row.commune_id))
    return row


def _check_days(form: PartnerForm) -> None:
    days = {name: getattr(form, name) for name in ("agreement_on", "active_from", "active_to")}
    for name, day in days.items():
        if day is not None and not EARLIEST <= day <= LATEST:
            raise Problem("day_wrong", name)
    if form.active_to is not None and form.active_to < form.active_from:
        raise Problem("day_wrong", "active_to")


async def _require_known(
    session: AsyncSession, platforms: Collection[str], communes: Collection[int], everywhere: bool
) -> None:
    if not platforms:
        raise Problem("platforms_missing", "platforms")
    if not communes and not everywhere:
        raise Problem("communes_missing", "communes")
    known: tuple[tuple[ColumnElement, ColumnElement[bool], Collection, str], ...] = (
        (PLATFORMS.c.code, PLATFORMS.c.code.in_(platforms), platforms, "platforms"),
        (UNITS.c.id, UNITS.c.id.in_(communes) & (UNITS.c.kind == UnitKind.COMMUNE), communes, "communes"),
    )
    for column, there, asked, field in known:
        if set((await session.execute(select(column).where(there))).scalars()) != set(asked):
            raise Problem("invalid", field)


async def _require_free(session: AsyncSession, known: Partner | None, own: int | None, name: str) -> None:
    """Two communes may each know a company of one name; in one list it stands once."""
    same = PARTNERS.c.name == name, PARTNERS.c.commune_id.is_not_distinct_from(own)
    found = (await session.execute(select(PARTNERS.c.id).where(*same))).scalars().all()
    if set(found) - {known.id if known else None}:
        raise Problem("partner_known", "name", name=name)


async def _write(session: AsyncSession, partner_id: int, communes: Collection[int], platforms: Collection[str]) -> None:
    for table in (PLACES, SUPPORTED):
        await session.execute(delete(table).where(table.c.partner_id == partner_id))
    if communes:
        await session.execute(
            PLACES.insert(), [{"partner_id": partner_id, "commune_id": unit} for unit in sorted(communes)]
        )
    await session.execute(
        SUPPORTED.insert(), [{"partner_id": partner_id, "platform_code": code} for code in sorted(platforms)]
    )
