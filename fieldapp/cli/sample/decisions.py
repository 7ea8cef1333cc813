"""Invented decisions of a commune: one for its own team, one for those of its villages, some of which it left out."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.cli.sample.calendar import TEAMS_SINCE
from fieldapp.cli.sample.names import NameSource
from fieldapp.cli.sample.units import within_a_sentence
from fieldapp.domain.search_key import fold
from fieldapp.services import samples
from models.base import utc_now
from models.decision import Decision, DecisionTeam

WITHOUT_ANY, LEFT_OUT = 0.1, 0.08
"""Communes that have entered no decision yet; villages' teams that a decision does not name."""

_ABOUT = "Về việc thành lập Tổ công nghệ số cộng đồng"


async def store_decisions(
    session: AsyncSession, rng: Random, names: NameSource, commune: tuple[int, str], team_ids: Sequence[int],
    officer_id: int,
) -> None:  # fmt: skip
    """`team_ids` are those of the villages, then that of the commune itself."""
    if rng.random() < WITHOUT_ANY:
        return
    place, signer, number = within_a_sentence(commune[1]), names.draw(), rng.randint(20, 90)
    named = [team for team in team_ids[:-1] if rng.random() >= LEFT_OUT]
    of_villages = f"{_ABOUT} thôn, tổ dân phố trên địa bàn {place}"
    papers = [(of_villages, named), (f"{_ABOUT} {place}", [team_ids[-1]])]
    rows = [
        _row(commune[0], f"{number + place}/QĐ-UBND", TEAMS_SINCE - timedelta(days=2), signer, about, officer_id)
        for place, (about, _) in enumerate(papers)
    ]
    ids = await samples.insert_numbered(session, Decision.__table__, rows)
    links = [
        {"decision_id": decision, "team_id": team}
        for decision, (_, teams) in zip(ids, papers, strict=True)
        for team in teams
    ]
    await samples.insert_rows(session, DecisionTeam.__table__, links)


def _row(commune_id: int, number: str, day: date, signer: str, about: str, officer_id: int) -> dict:
    return {
        "commune_id": commune_id, "number": number, "key": fold(number), "issued_on": day, "effective_on": day,
        "signer": signer, "summary": about, "added_by_id": officer_id, "added_at": utc_now(),
    }  # fmt: skip
