"""Erases a household's personal data from the terminal, for good."""

from anyio import to_thread

from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.i18n import text
from fieldapp.integrations import erasure_ledger
from fieldapp.services import erasures, leftovers
from models.unit import Unit


async def run_erase(named: str, yes: bool) -> int:
    """The ledger knows of it before the database does. Raises `household_unknown`."""
    async with database().read() as db:
        household = await erasures.get_household(db, named)
        village = await db.get_one(Unit, household.village_id)
    question = text("cli.erase_confirm", number=household.number, village=village.name)
    if not yes and (await to_thread.run_sync(input, question)).strip() != household.number:
        print(text("cli.erase_left"))
        return 1
    entry = erasures.new_entry(household)
    erasure_ledger.append(settings().backups, [entry])
    async with database().write() as db:
        await erasures.erase(db, entry)
    async with database().read() as db:
        dropped = await leftovers.drop(db)
    await database().close()
    print(text("cli.erased", photos=dropped, id=entry.id))
    return 0
