"""All that is held of one household, as tables to hand to those who ask: what stands there and what does not."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.i18n import text
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.reports.export_sheets import Mark
from fieldapp.reports.spreadsheet import Row, Sheet
from fieldapp.reports.visit_list import PHOTOS, outcomes_of
from models.data_request import DataRequest
from models.household import Household, HouseholdCard
from models.member import Member
from models.unit import Unit
from models.visit import Visit

REQUESTS, HOMES, UNITS = DataRequest.__table__, Household.__table__, Unit.__table__
VISITS, MEMBERS, CARDS = Visit.__table__, Member.__table__, HouseholdCard.__table__
VISIT_HEADS = ("at", "author", "done", "people", "note", "state")
PHOTO_HEADS = ("at", "kept", "way", "hash")


async def household_sheets(session: AsyncSession, who: Principal, request_id: int, mark: Mark) -> list[Sheet]:
    """Of the household of a request. Raises `not_found`, `forbidden`, `household_unknown` where it names none."""
    require(who, Action.ANSWER_RIGHTS)
    request = (await session.execute(select(REQUESTS).where(REQUESTS.c.id == request_id))).first()
    if request is None:
        raise Problem("not_found")
    require(who, Action.ANSWER_RIGHTS, Place(commune_id=request.commune_id))
    if request.household_id is None:
        raise Problem("household_unknown")
    return await _Sheets(session, request.household_id, mark).all()


class _Sheets:
    def __init__(self, session: AsyncSession, household_id: UUID, mark: Mark) -> None:
        self.session, self.household_id, self.mark, self.locale = session, household_id, mark, mark.locale

    async def all(self) -> list[Sheet]:
        query = select(HOMES, UNITS.c.name).join(UNITS, UNITS.c.id == HOMES.c.village_id)
        home = (await self.session.execute(query.where(HOMES.c.id == self.household_id))).one()
        about = f"{home.name} · {text('household.numbered', self.locale, number=home.number)}"
        above = self.mark.lines("rights.export_title", about)
        return [
            self._sheet("household", above, ("fact", "value"), await self._facts(home)),
            self._sheet("visits", above, VISIT_HEADS, await self._visits()),
            self._sheet("photos", above, PHOTO_HEADS, await self._photos()),
        ]

    def _sheet(self, name: str, above: Sequence[str], heads: Sequence[str], rows: Sequence[Row]) -> Sheet:
        words = [text(f"rights.export.{head}", self.locale) for head in heads]
        return Sheet(text(f"rights.export_{name}", self.locale), above, words, rows)

    async def _facts(self, home: Any) -> list[Row]:
        cards = select(CARDS.c.state).where(CARDS.c.household_id == self.household_id)
        number = len((await self.session.execute(cards)).all())
        facts: list[tuple[str, str | int]] = [
            ("village", home.name),
            ("number", home.number),
            ("head", home.head_name or text("rights.export.none", self.locale)),
            ("cards", number),
            ("last", written_day(home.last_visit_on) if home.last_visit_on else ""),
            ("erased", written_instant(home.erased_at)),
        ]
        return [(text(f"rights.export.{name}", self.locale), value) for name, value in facts]

    async def _visits(self) -> list[Row]:
        query = (
            select(VISITS, MEMBERS.c.full_name)
            .join(MEMBERS, MEMBERS.c.id == VISITS.c.author_id)
            .where(VISITS.c.household_id == self.household_id)
            .order_by(VISITS.c.made_at)
        )
        rows = (await self.session.execute(query)).all()
        done = await outcomes_of(self.session, [row.id for row in rows])
        return [
            (
                row.made_at,
                row.full_name,
                "; ".join(self._outcome(one) for one in done.get(row.id, [])),
                row.people,
                row.note,
                text(f"visit.state.{row.state}", self.locale),
            )
            for row in rows
        ]

    def _outcome(self, one: Any) -> str:
        name = one.name_en if self.locale == "en" else one.name_vi
        return f"{name}: {text(f'result.{one.result}', self.locale)}"

    async def _photos(self) -> list[Row]:
        query = (
            select(VISITS.c.made_at, PHOTOS.c.state, PHOTOS.c.consent_way, PHOTOS.c.sha256)
            .join(VISITS, VISITS.c.id == PHOTOS.c.visit_id)
            .where(VISITS.c.household_id == self.household_id)
            .order_by(VISITS.c.made_at)
        )
        rows = await self.session.execute(query)
        return [(row.made_at, self._kept(row.state), self._way(row.consent_way), row.sha256[:12]) for row in rows]

    def _kept(self, state: str) -> str:
        return text(f"rights.export.photo.{state}", self.locale)

    def _way(self, way: str | None) -> str:
        return text(f"consent.{way}", self.locale) if way else ""
