"""Decisions of a commune: written down with the teams that they name, put right, and replaced by later ones.

A file is kept before its row names it; bytes that no row names any more are swept with those of photos.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.composition import ShortfallKind
from fieldapp.domain.decision_form import DecisionForm
from fieldapp.domain.search_key import fold, nfc
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, teams
from models.decision import Decision, DecisionTeam
from models.team import Team

DECISIONS, NAMES, TEAMS = Decision.__table__, DecisionTeam.__table__, Team.__table__


@dataclass(frozen=True)
class Paper:
    """A file that is kept already."""

    sha256: str
    bytes: int


def paper_of(content: bytes) -> Paper:
    return Paper(hashlib.sha256(content).hexdigest(), len(content))


async def keep(
    session: AsyncSession,
    who: Principal,
    form: DecisionForm,
    paper: Paper | None,
    lacking: Mapping[int, Sequence[ShortfallKind]],
) -> Decision:
    """Writes a decision down, or puts one right; without a paper, one that is there stays.

    `lacking` are the warnings of the commune's teams that nobody has given a reason for: the form's reason silences
    those of the teams that it names.
    Raises `forbidden`, `not_found`, `teams_missing`, `day_wrong`, `decision_known`, `decision_replaced`.
    """
    row = await _get_own(session, who, form.decision) if form.decision else None
    commune_id = row.commune_id if row else who.commune_id or 0
    require(who, Action.MANAGE_DECISION, Place(commune_id=commune_id))
    if not form.teams:
        raise Problem("teams_missing", "teams")
    teams.check_day(form.issued_on)
    teams.check_day(form.effective_on, form.issued_on)
    named = await _teams(session, commune_id, form.teams)
    await _require_new(session, commune_id, form)
    row = row or Decision(commune_id=commune_id, added_by_id=who.account_id or 0, **_said(form))
    row.sqlmodel_update(_said(form))
    if paper is not None:
        row.sha256, row.bytes = paper.sha256, paper.bytes
    session.add(row)
    await session.flush()
    await session.execute(delete(NAMES).where(NAMES.c.decision_id == row.id))
    session.add_all(DecisionTeam(decision_id=row.id or 0, team_id=team.id or 0) for team in named)
    if form.replaces is not None:
        await _replace(session, who, form.replaces, row)
    for team in named:
        if form.reason.strip() and (found := lacking.get(team.id or 0)):
            await teams.silence(session, who, team, found, form.reason)
        await teams.touch(session, team)
    told = audit.event(who, "decision.keep", "decision", row.id, commune_id, number=row.number, teams=len(named))
    await audit.write(session, [told])
    return row


async def get_for_reading(session: AsyncSession, who: Principal, decision_id: int) -> Decision:
    """Raises `not_found`, or `forbidden` for those of another commune."""
    row = await session.get(Decision, decision_id)
    if row is None:
        raise Problem("not_found")
    require(who, Action.READ_DECISION, Place(commune_id=row.commune_id))
    return row


def _said(form: DecisionForm) -> dict[str, Any]:
    """What the form says of the paper, as it is stored."""
    return {
        "number": nfc(form.number),
        "key": fold(form.number),
        "issued_on": form.issued_on,
        "effective_on": form.effective_on,
        "signer": nfc(form.signer),
        "summary": nfc(form.summary),
    }


async def _get_own(session: AsyncSession, who: Principal, decision_id: int) -> Decision:
    row = await session.get(Decision, decision_id, with_for_update=True)
    if row is None:
        raise Problem("not_found")
    require(who, Action.MANAGE_DECISION, Place(commune_id=row.commune_id))
    return row


async def _teams(session: AsyncSession, commune_id: int, ids: frozenset[int]) -> Sequence[Team]:
    """These teams of the commune, locked in order. Raises `forbidden` where one is another's."""
    query = select(Team).where(TEAMS.c.id.in_(ids), TEAMS.c.commune_id == commune_id).order_by(TEAMS.c.id)
    found = (await session.execute(query.with_for_update())).scalars().all()
    if len(found) != len(ids):
        raise Problem("forbidden")
    return found


async def _require_new(session: AsyncSession, commune_id: int, form: DecisionForm) -> None:
    same = (DECISIONS.c.commune_id == commune_id, DECISIONS.c.key == fold(form.number))
    query = select(DECISIONS.c.id).where(*same, DECISIONS.c.issued_on == form.issued_on)
    if any(known != form.decision for known in (await session.execute(query)).scalars()):
        raise Problem("decision_known", "number", number=nfc(form.number))


async def _replace(session: AsyncSession, who: Principal, decision_id: int, by: Decision) -> None:
    """The older one founds nothing any more. Raises `decision_replaced` where another took its place before."""
    old = await _get_own(session, who, decision_id)
    if old.id == by.id or old.commune_id != by.commune_id or old.replaced_by_id not in (None, by.id):
        raise Problem("decision_replaced", "replaces")
    if by.replaced_by_id == old.id:
        raise Problem("decision_replaced", "replaces")
    await session.execute(update(DECISIONS).where(DECISIONS.c.id == old.id).values(replaced_by_id=by.id))
    told = audit.event(who, "decision.replace", "decision", old.id, by.commune_id, by=by.id)
    await audit.write(session, [told])
