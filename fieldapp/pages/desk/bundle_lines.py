"""Bundles of a period's papers as the desk shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.written_time import written_instant
from fieldapp.permissions import Principal
from fieldapp.services import bundles

MEGABYTE = 1_000_000


@dataclass
class BundleLine:
    """`by` is empty for one that the clock asked for; `size` is in megabytes, written with a comma."""

    id: int = 0
    file: str = ""
    state: str = ""
    done: int = 0
    count: int = 0
    size: str = ""
    asked: str = ""
    by: str = ""


async def bundle_lines(db: AsyncSession, who: Principal, period_id: int) -> Sequence[BundleLine]:
    return [_line(one) for one in await bundles.list_bundles(db, who, period_id)]


def _line(one: bundles.ListedBundle) -> BundleLine:
    row = one.row
    size = f"{max(row.bytes / MEGABYTE, 0.1):.1f}".replace(".", ",") if row.bytes else ""
    return BundleLine(
        id=row.id or 0,
        file=str(row.file),
        state=str(row.state),
        done=row.done_count,
        count=row.paper_count,
        size=size,
        asked=written_instant(row.asked_at),
        by=one.by,
    )
