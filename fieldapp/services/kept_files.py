"""Which files that somebody brought whole a row still names: spoken guides, papers of decisions and of the library,
templates."""

from collections.abc import Sequence

from sqlalchemy import Select, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from models.decision import Decision
from models.material import Material
from models.narration import Narration
from models.paper_template import PaperTemplate

NAMERS = (Narration.__table__, Decision.__table__, Material.__table__, PaperTemplate.__table__)


def named_files() -> list[Select]:
    """The hash of every file that a row names, a select for each table that names some."""
    return [select(table.c.sha256).where(table.c.sha256.is_not(None)) for table in NAMERS]


async def which_file(session: AsyncSession, hashes: Sequence[str]) -> set[str]:
    """Those of these hashes that a row names."""
    named = union(*(select(table.c.sha256).where(table.c.sha256.in_(hashes)) for table in NAMERS))
    return set((await session.execute(named)).scalars())
