"""The list for the province: a commune says that it handed its own in, the province says which columns it has."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.register import RegisterForm
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from models.register import RegisterColumn, RegisterReport

COLUMNS = RegisterColumn.__table__


async def report(session: AsyncSession, who: Principal, teams: int, people: int) -> RegisterReport:
    """Notes that the officer's commune handed its list in, with what stood in it. Raises `forbidden`."""
    require(who, Action.REPORT_REGISTER, Place(commune_id=who.commune_id))
    commune_id = who.commune_id or 0
    row = RegisterReport(commune_id=commune_id, teams=teams, people=people, reported_by_id=who.account_id or 0)
    session.add(row)
    await session.flush()
    told = audit.event(who, "register.report", "unit", commune_id, commune_id, teams=teams, people=people)
    await audit.write(session, [told])
    return row


async def shape(session: AsyncSession, who: Principal, form: RegisterForm) -> None:
    """Order, headings and choice of the columns, for every commune. Raises `forbidden`, `nothing_chosen`."""
    require(who, Action.SHAPE_REGISTER)
    if not any(column.shown for column in form.columns):
        raise Problem("nothing_chosen")
    await session.execute(delete(COLUMNS))
    session.add_all(RegisterColumn(**column.model_dump()) for column in form.columns)
    await session.flush()
    shown = [str(column.code) for column in form.columns if column.shown]
    await audit.write(session, [audit.event(who, "register.shape", "register", "columns", shown=shown)])
