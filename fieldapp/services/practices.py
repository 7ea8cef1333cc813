"""Good practice that members write on their phones: it waits for the commune, which passes it on or sends it back."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.material import PracticePayload
from fieldapp.domain.search_key import fold
from fieldapp.services.deeds import Deed
from fieldapp.services.scopes import LIBRARY, raise_versions
from models.material import Material, MaterialKind, MaterialState

MATERIALS = Material.__table__


async def submit(session: AsyncSession, deed: Deed, payload: PracticePayload) -> None:
    """In the place of the author's own that was sent back, where it names one; else it stands beside what there is."""
    row = await _sent_back(session, deed, payload) or Material(
        kind=MaterialKind.PRACTICE, commune_id=deed.posting.commune_id, author_id=deed.author_id, added_at=deed.made_at,
        title="", key="", text="", state=MaterialState.WAITING,
    )  # fmt: skip
    row.record_id, row.title, row.text, row.key = deed.id, payload.title, payload.text, fold(payload.title)
    row.state, row.reason, row.at_commune = MaterialState.WAITING, "", True
    row.scope_version = (await raise_versions(session, [LIBRARY]))[LIBRARY]
    session.add(row)
    await session.flush()


async def _sent_back(session: AsyncSession, deed: Deed, payload: PracticePayload) -> Material | None:
    own = MATERIALS.c.author_id == deed.author_id, MATERIALS.c.commune_id == deed.posting.commune_id
    query = select(Material).where(
        MATERIALS.c.record_id == payload.earlier, *own, MATERIALS.c.state == str(MaterialState.RETURNED)
    )
    return (await session.execute(query.with_for_update())).scalar_one_or_none() if payload.earlier else None
