"""Cards of a team's members as an A4 PDF to cut and sign; how a card looks stands in `templates/member_cards.typ`.

No number and no QR: a card says who somebody is to residents at the door, and there is no page of a member to lead to.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.written_time import written_day
from fieldapp.i18n import DEFAULT_LOCALE, text
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.reports.card_sheet import printed
from fieldapp.reports.team_list import ROLE_ORDER
from fieldapp.reports.team_standing import current
from models.member import Member
from models.team import Seat, SeatRole, Team
from models.unit import Unit

SEATS, MEMBERS = Seat.__table__, Member.__table__
WORDS = ("title", "photo", "sign")


@dataclass(frozen=True)
class MemberCard:
    name: str
    role: SeatRole
    since: date


@dataclass(frozen=True)
class TeamCards:
    team: str
    commune: str
    commune_id: int
    cards: list[MemberCard]


async def read_cards(session: AsyncSession, who: Principal, team_id: int, today: date) -> TeamCards:
    """Who sits in a team today, the leader first. Raises `not_found`, `forbidden`, `team_empty`."""
    team = await session.get(Team, team_id)
    if team is None:
        raise Problem("not_found")
    require(who, Action.MANAGE_TEAM, Place(commune_id=team.commune_id))
    query = (
        select(MEMBERS.c.full_name, SEATS.c.role, SEATS.c.valid_from)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(SEATS.c.team_id == team_id, SEATS.c.delegated_by_id.is_(None), current(SEATS, today))
        .where(MEMBERS.c.discarded_at.is_(None))
        .order_by(ROLE_ORDER, MEMBERS.c.full_name, SEATS.c.id)
    )
    found = await session.execute(query)
    cards = [MemberCard(row.full_name, SeatRole(row.role), row.valid_from) for row in found]
    if not cards:
        raise Problem("team_empty")
    commune = await session.get_one(Unit, team.commune_id)
    return TeamCards(team.name, commune.name, team.commune_id, cards)


def member_cards(team: TeamCards, locale: str = DEFAULT_LOCALE, sample: bool = False) -> bytes:
    """The PDF, ten cards a page; call it off the event loop."""
    words = {name: text(f"teams.card_{name}", locale) for name in WORDS} | {"sample": text("card.sample", locale)}
    cards = [
        {
            "name": one.name,
            "role": text(f"role.{one.role}", locale),
            "team": team.team,
            "since": text("teams.card_since", locale, day=written_day(one.since)),
        }
        for one in team.cards
    ]
    sheet = {"locale": locale, "words": words, "commune": team.commune, "sample": sample, "cards": cards}
    return printed("member_cards.typ", sheet)
