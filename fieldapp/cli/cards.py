"""Prints a village's cards to a PDF from the terminal."""

from pathlib import Path

from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.i18n import text
from fieldapp.reports.card_sheet import card_sheet
from fieldapp.services import cards
from fieldapp.services.units import get_by_code
from models.household import BatchKind


async def print_cards(village_code: str, kind: str, size: int, output: Path) -> None:
    """Writes the PDF and makes its cards valid: both or neither. Raises as `cards.prepare` and `cards.issue` do."""
    async with database().read() as db:
        village = await get_by_code(db, village_code)
        printing = await cards.prepare(db, None, village.id or 0, BatchKind(kind), size)
    place = (printing.village_name, printing.commune_name, settings().card_host)
    draft = output.with_name(output.name + ".part")
    try:
        draft.write_bytes(card_sheet(printing.cards, *place, sample=printing.sample))
        async with database().write() as db:
            await cards.issue(db, None, printing)
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
    print(text("cli.cards_printed", n=len(printing.cards), path=output))
    await database().close()
