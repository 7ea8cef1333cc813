"""Erases the personal data of a household: its head's name, what was written of its visits and of their days, photos.

The visits stay and so does every number. What a phone sends later of the time before is taken in without them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.domain.search_key import fold
from fieldapp.integrations.erasure_ledger import Entry, Line
from fieldapp.integrations.photo_store import Part
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import audit, leftovers, log_erasures, photo_tombstones
from fieldapp.services.scopes import raise_villages
from models.base import utc_now
from models.erasure import Erasure
from models.held import HeldRecord
from models.household import Household
from models.review import Review
from models.roster_import import RosterImportRow
from models.sync import Record
from models.unit import Unit, UnitKind
from models.visit import Photo, Visit
from models.visit_place import VisitPlace

ERASURES, HOUSEHOLDS = Erasure.__table__, Household.__table__
RECORDS, HELD = Record.__table__, HeldRecord.__table__
VISITS, PHOTOS, REVIEWS, UNITS = Visit.__table__, Photo.__table__, Review.__table__, Unit.__table__
PLACES, LISTED = VisitPlace.__table__, RosterImportRow.__table__
PERSONAL = {"note": "", "head_name": None, "photos": [], "place": None, "text": ""}
"""What a record's payload says of a person, and what is put in its place."""


async def get_household(session: AsyncSession, named: str) -> Household:
    """A household by its id, or by `VILLAGE/NUMBER`; of a merged one that which has its visits.

    Raises `household_unknown`, also where two have the number.
    """
    village, _, number = named.partition("/")
    if number:
        query = select(Household).join(UNITS, UNITS.c.id == HOUSEHOLDS.c.village_id)
        query = query.where(UNITS.c.kind == UnitKind.VILLAGE, UNITS.c.code == village)
        found = by_number((await session.execute(query)).scalars(), number)
    else:
        try:
            found = await session.get(Household, UUID(named))
        except ValueError:
            found = None
    while found is not None and found.merged_into_id is not None:
        found = await session.get(Household, found.merged_into_id)
    if found is None:
        raise Problem("household_unknown")
    return found


def by_number(found: Iterable[Household], number: str) -> Household | None:
    """Of a village's households the one that people call so: who lives there, else who was the last to.

    None also where two live there under the number.
    """
    named = [one for one in found if one.merged_into_id is None and fold(one.number) == fold(number)]
    there = [one for one in named if one.discarded_at is None and one.moved_on is None]
    if there:
        return there[0] if len(there) == 1 else None
    return max(named, key=lambda one: (one.discarded_at is None, one.created_at), default=None)


def new_entry(household: Household) -> Entry:
    """What the ledger is told first."""
    return Entry(uuid7(), household.id, utc_now())


async def erase(session: AsyncSession, entry: Entry, who: Principal | None = None) -> None:
    """Erases what was recorded up to the entry's time.

    Bytes of its photos are dropped after the commit (`leftovers.drop`). A household that is not here is noted all the
    same: its record may still lie on a phone. Doing it again changes nothing.
    """
    await session.execute(insert(ERASURES), [{"id": entry.id, "household_id": entry.household_id, "at": entry.at}])
    village = select(HOUSEHOLDS.c.village_id).where(HOUSEHOLDS.c.id == entry.household_id)
    home = (await session.execute(village)).scalar_one_or_none()
    if home is None:
        await _strip_held_records(session, entry)
        return
    mine = (VISITS.c.household_id == entry.household_id, VISITS.c.made_at <= entry.at)
    there = (await session.execute(select(VISITS.c.village_id).where(*mine).distinct())).scalars()
    said = await log_erasures.villages_about(session, entry.household_id, entry.at)
    versions = await raise_villages(session, {home, *there, *said})
    # Behind the locks, so that what is being held at this moment is found.
    await _strip_held_records(session, entry)
    household = await session.get_one(Household, entry.household_id, populate_existing=True)
    household.head_name, household.key = None, fold(household.number)
    household.erased_at, household.scope_version = max(entry.at, household.erased_at or entry.at), versions[home]
    await session.flush()
    await blank_visits(session, household.id, entry.at, versions)
    await _strip_lists(session, household.id)
    await audit.write(session, [audit.event(who, "household.erase", "household", household.id, home)])


async def blank_visits(session: AsyncSession, household_id: UUID, at: datetime, versions: dict[int, int]) -> None:
    """Takes note, reasons and photos from a household's visits up to a time, and what was said of their days.

    `versions` are of the locked villages; visits of others stay as they are.
    """
    mine = (VISITS.c.household_id == household_id, VISITS.c.made_at <= at, VISITS.c.village_id.in_(versions))
    ids = select(VISITS.c.id).where(*mine)
    theirs = await session.execute(select(PHOTOS.c.visit_id, PHOTOS.c.sha256).where(PHOTOS.c.visit_id.in_(ids)))
    parts = [Part(row.visit_id, row.sha256) for row in theirs]
    leftovers.leave(session, parts)
    await session.execute(delete(PHOTOS).where(PHOTOS.c.visit_id.in_(ids)))
    await photo_tombstones.tell_phones(session, {part.sha256 for part in parts}, versions)
    await session.execute(delete(PLACES).where(PLACES.c.visit_id.in_(ids)))
    await session.execute(update(REVIEWS).where(REVIEWS.c.visit_id.in_(ids)).values(reason=None))
    for village_id, version in versions.items():
        blank = {"note": "", "reason": None, "scope_version": version}
        await session.execute(update(VISITS).where(*mine, VISITS.c.village_id == village_id).values(**blank))
    await log_erasures.blank(session, household_id, at, versions)


async def _strip_lists(session: AsyncSession, household_id: UUID) -> None:
    """What lists that came as files say of its head: those that wait, and what others found there."""
    named = LISTED.c.subject_id == str(household_id)
    for row in await session.execute(select(LISTED.c.id, LISTED.c.given, LISTED.c.before).where(named)):
        given = {name: text for name, text in row.given.items() if name != "head"}
        blank = {"given": given, "before": row.before and row.before | {"head": None}}
        await session.execute(update(LISTED).where(LISTED.c.id == row.id).values(**blank))


async def _strip_held_records(session: AsyncSession, entry: Entry) -> None:
    """Records that were ever held are kept whole: what they say of the household goes, the rest can be sorted."""
    merged = select(HOUSEHOLDS.c.id).where(HOUSEHOLDS.c.merged_into_id == entry.household_id)
    named = {str(one) for one in [entry.household_id, *(await session.execute(merged)).scalars()]}
    query = select(RECORDS.c.id, RECORDS.c.payload).join(HELD, HELD.c.record_id == RECORDS.c.id)
    kept = {row.id: row.payload for row in await session.execute(query) if row.payload}
    words = await log_erasures.held_records(session, entry.household_id, entry.at, kept)
    for record_id, content in kept.items():
        payload = content.get("payload")
        if isinstance(payload, dict) and (payload.get("household") in named or record_id in words):
            stripped = content | {"payload": strip(payload)}
            await session.execute(update(RECORDS).where(RECORDS.c.id == record_id).values(payload=stripped))


def strip(payload: dict[str, Any]) -> dict[str, Any]:
    """A record's payload without what it says of a person."""
    return payload | {name: blank for name, blank in PERSONAL.items() if name in payload}


async def erased_at(session: AsyncSession, household_id: UUID) -> datetime | None:
    """When the data of a household was last erased; also of one that is not here."""
    query = select(ERASURES.c.at).where(ERASURES.c.household_id == household_id).order_by(ERASURES.c.at.desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


async def replay(session: AsyncSession, ledger: Sequence[Line], lost: bool = False) -> int:
    """Erases again what the ledger knows and this database does not; gives the number of entries.

    Raises `ledger_short` where the database knows of erasures that the ledger lacks: then the ledger is not the whole
    one. With `lost`, it is taken as it is.
    """
    known = set((await session.execute(select(ERASURES.c.id))).scalars())
    if not lost and known - {entry.id for entry in ledger}:
        raise Problem("ledger_short")
    missing = [entry for entry in ledger if isinstance(entry, Entry) and entry.id not in known]
    for entry in missing:
        await erase(session, entry)
    return len(missing)
