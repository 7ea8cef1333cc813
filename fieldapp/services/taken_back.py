"""Facts that are noted and may be taken back, as a skill or who came to a class: their rows stay, with the moment."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Principal
from models.base import Stored, utc_now


async def settle(
    session: AsyncSession,
    who: Principal,
    model: type[Stored],
    fixed: dict[str, Any],
    varying: str,
    wanted: Collection[Any],
    among: Collection[Any] | None = None,
    verb: str = "noted",
) -> dict[str, list[Any]]:
    """Of the facts of `fixed`, those `wanted` stand and others do not (of `among` alone, where it is given).

    Gives what changed, as the audit tells it: `added` and `taken_back`. `verb` begins the columns of who and when.
    """
    table = model.__table__  # type: ignore[attr-defined]
    column = table.c[varying]
    mine = [table.c[name] == value for name, value in fixed.items()]
    asked = [*mine, *([column.in_(among)] if among is not None else [])]
    rows = await session.execute(select(column.label("one"), table.c.taken_back_at).where(*asked))
    noted = {row.one: row.taken_back_at is None for row in rows}
    new, back = set(wanted) - noted.keys(), {one for one in wanted if noted.get(one) is False}
    gone = {one for one, stands in noted.items() if stands and one not in wanted}
    by = f"{verb}_by_id"
    session.add_all(model(**fixed, **{varying: one, by: who.account_id or 0}) for one in sorted(new))
    await session.flush()
    theirs = update(table).where(*mine)
    again = {"taken_back_at": None, by: who.account_id, f"{verb}_at": utc_now()}
    await session.execute(theirs.where(column.in_(back)).values(**again))
    await session.execute(theirs.where(column.in_(gone)).values(taken_back_at=utc_now()))
    return {"added": sorted(new | back), "taken_back": sorted(gone)}
