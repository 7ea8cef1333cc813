"""Which kept files a row still names: those that somebody brought whole (spoken guides, papers of decisions and of the
library, templates), and papers that the product made itself."""

from collections.abc import Sequence

from sqlalchemy import Select, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from models.bundle import Bundle, BundlePaper
from models.decision import Decision
from models.material import Material
from models.narration import Narration
from models.paper_template import PaperTemplate

NAMERS = (Narration.__table__, Decision.__table__, Material.__table__, PaperTemplate.__table__)
MADE = (Bundle.__table__, BundlePaper.__table__)
"""Papers that can be made again: no backup holds them."""


def named_files() -> list[Select]:
    """The hash of every file that somebody brought, a select for each table that names some."""
    return [select(table.c.sha256).where(table.c.sha256.is_not(None)) for table in NAMERS]


async def which_file(session: AsyncSession, hashes: Sequence[str]) -> set[str]:
    """Those of these hashes that a row names."""
    named = union(*(select(table.c.sha256).where(table.c.sha256.in_(hashes)) for table in (*NAMERS, *MADE)))
    return set((await session.execute(named)).scalars())
