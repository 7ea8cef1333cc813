"""What a server holds of one commune, read as raw rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, case, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.vn_time import vn_day
from fieldapp.services import losses
from fieldapp.services.members import list_postings
from models.base import utc_now
from models.counter import CommuneCount, HouseholdCount, HouseholdPeriod, HouseholdPlatform, VillageCount
from models.household import Household, HouseholdCard
from models.member import Member
from models.review import Review
from models.sync import Record, ServerFact
from models.visit import Outcome, Photo, Visit
from tests.histories.place import Place

Rows = list[dict[str, Any]]
PARTS = 8


@dataclass
class Truth:
    epoch: str
    restored: bool
    """Whether the database was ever restored, by this history or by one before it."""

    records: dict[str, dict[str, Any]]
    visits: dict[str, dict[str, Any]]
    outcomes: Rows
    photos: Rows
    reviews: Rows
    households: dict[str, dict[str, Any]]
    cards: Rows
    names: dict[int, str]
    villages_of: dict[int, set[int]]
    """Member -> the villages that are theirs today."""

    continued_of: dict[int, dict[int, int]]
    """Member -> villages that have ended -> the one of theirs that continues it."""

    village_counts: Rows
    commune_counts: Rows
    part_lines: Rows
    """Each outcome of every commune that is counted with this one by platform and by result."""

    household_periods: Rows
    household_counts: Rows
    household_platforms: Rows

    def standing(self, household: str) -> str:
        """The household that one stands for now: itself, or the one that it was merged into."""
        row = self.households.get(household)
        return household if row is None or not row["merged_into_id"] else self.standing(str(row["merged_into_id"]))


async def read_truth(session: AsyncSession, place: Place) -> Truth:
    async def rows(table: Table, column: Any, among: Sequence[Any]) -> Rows:
        found = await session.execute(select(table).where(column.in_(among)))
        return [dict(row._mapping) for row in found]

    members = list(place.members.values())
    villages = place.all_villages
    visit = Visit.__table__
    visits = await rows(visit, visit.c.commune_id, [place.commune])
    ids = [row["id"] for row in visits]
    home = Household.__table__
    households = await rows(home, home.c.village_id, villages)
    homes: list[UUID] = [row["id"] for row in households]
    today = vn_day(utc_now())
    villages_of: dict[int, set[int]] = {member: set() for member in members}
    continued_of: dict[int, dict[int, int]] = {member: {} for member in members}
    for posting in await list_postings(session, members):
        if posting.covers(today):
            if posting.continued_by is None:
                villages_of[posting.member_id].add(posting.village_id)
            else:
                continued_of[posting.member_id][posting.village_id] = posting.continued_by
    tables = {
        "records": Record, "outcomes": Outcome, "photos": Photo, "reviews": Review, "cards": HouseholdCard,
        "names": Member, "village_counts": VillageCount, "household_periods": HouseholdPeriod,
        "household_counts": HouseholdCount, "household_platforms": HouseholdPlatform,
    }  # fmt: skip
    t = {name: table.__table__ for name, table in tables.items()}
    epoch = await session.get_one(ServerFact, "epoch")
    return Truth(
        epoch=epoch.value,
        restored=await losses.restored_at(session) is not None,
        records=_by_id(await rows(t["records"], t["records"].c.author_id, members)),
        visits=_by_id(visits),
        outcomes=await rows(t["outcomes"], t["outcomes"].c.visit_id, ids),
        photos=await rows(t["photos"], t["photos"].c.visit_id, ids),
        reviews=await rows(t["reviews"], t["reviews"].c.visit_id, ids),
        households=_by_id(households),
        cards=await rows(t["cards"], t["cards"].c.village_id, villages),
        names={row["id"]: row["full_name"] for row in await rows(t["names"], t["names"].c.id, members)},
        villages_of=villages_of,
        continued_of=continued_of,
        village_counts=await rows(t["village_counts"], t["village_counts"].c.village_id, villages),
        commune_counts=await _commune_counts(session, place.commune),
        part_lines=await _part_lines(session, place.commune % PARTS),
        household_periods=await rows(t["household_periods"], t["household_periods"].c.household_id, homes),
        household_counts=await rows(t["household_counts"], t["household_counts"].c.commune_id, [place.commune]),
        household_platforms=await rows(t["household_platforms"], t["household_platforms"].c.household_id, homes),
    )


async def _commune_counts(session: AsyncSession, commune: int) -> Rows:
    """The commune's own counts, and those by platform and by result of the part that it lies in."""
    counts = CommuneCount.__table__
    part = case((counts.c.facet == "all", commune), else_=commune % PARTS)
    found = await session.execute(select(counts).where(counts.c.part == part))
    return [dict(row._mapping) for row in found]


async def _part_lines(session: AsyncSession, part: int) -> Rows:
    visit, outcome = Visit.__table__, Outcome.__table__
    columns = visit.c.state, visit.c.done_on, visit.c.commune_id, *outcome.c
    query = select(*columns).join(outcome, outcome.c.visit_id == visit.c.id).where(visit.c.commune_id % PARTS == part)
    return [dict(row._mapping) for row in await session.execute(query)]


def _by_id(rows: Rows) -> dict[str, dict[str, Any]]:
    return {str(row["id"]): row for row in rows}
