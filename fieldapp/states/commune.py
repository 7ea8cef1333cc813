"""The commune that a desk page is about: one's own, or for those who reach the whole province, a chosen one."""

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.given import read_key
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, Reach, reach_of
from fieldapp.problems import Problem
from fieldapp.reports.unit_tree import get_own_unit, list_below
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState
from models.base import utc_now


class CommuneState(DeskState):
    """`communes` is empty where there is no choice; `commune` is what is chosen, "" at first."""

    communes: rx.Field[list[Option]] = rx.field(default_factory=list)
    commune: str = ""

    def _choose(self, commune_id: int) -> None:
        """Only those who reach the whole province have a choice; of others it is never asked."""
        self.commune = str(commune_id)

    def _choose_by_address(self) -> None:
        """The commune in the address, where another page led here."""
        if commune := read_key(self.router.url.query_parameters.get("commune")):
            self._choose(commune)

    async def _commune(self, db: AsyncSession, who: Principal, action: Action) -> int | None:
        """The id of the commune to show, None while somebody of the province has chosen none."""
        if reach_of(who, action) is not Reach.PROVINCE:
            if who.commune_id is None:
                raise Problem("forbidden")
            return who.commune_id
        if not self.communes:
            province, today = await get_own_unit(db, who, action), vn_day(utc_now())
            found = await list_below(db, province, DayRange(today, today))
            self.communes = [Option(str(unit.id), unit.name) for unit in found]
        return int(self.commune) if self.commune else None
