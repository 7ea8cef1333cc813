"""Holds the counters against the raw visits, and says what it found."""

from fieldapp.db import database
from fieldapp.i18n import text
from fieldapp.services.reconciliation import reconcile


async def run_reconcile(mend: bool) -> int:
    """Exit code 0 where all counters were right (or were mended), 1 where some differ."""
    async with database().write() as db:
        found = await reconcile(db, mend)
    await database().close()
    if found.right:
        print(text("cli.reconcile_right", n=found.checked))
        return 0
    for table, wrong in found.wrong.items():
        if wrong:
            print(text("cli.reconcile_wrong", table=table, n=wrong))
    return 0 if mend else 1
