"""Ten times the visits are not ten times the work: by rows read and steps made, not by the clock.

A million visits in the 96 communes of a province are ten times as dense as 100,000; so are 52,000 in five communes
against 5,200. A commune's numbers are its own visits' and grow with these, and with no others.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.permissions import Principal
from fieldapp.reports.summary import read_summary
from fieldapp.services.reconciliation import reconcile
from models.account import Role
from tests import postgres
from tests.conftest import TEMPLATE, on_server
from tests.load.filling import YEAR, Shape, fill
from tests.work import Reading, work_of

SMALL = Shape(5_200, communes=5)
SHAPES = {"small": SMALL, "dense": Shape(52_000, communes=5), "large": Shape(52_000, communes=50)}
WHO = Principal(role=Role.PROVINCE_OFFICER, session_id="test", account_id=1)
MONTH, QUARTER = (DayRange(date(YEAR, first, 1), date(YEAR, 9, 30)) for first in (9, 7))
WHOLE_YEAR = DayRange(date(YEAR, 1, 1), date(YEAR, 12, 31))
PROVINCE, COMMUNE = 1, 2
MOST = 1.3


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def addresses(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Filled databases by the name of their shape, for the tests of this file to read."""
    if request.param == "sqlite":
        template, folder = request.getfixturevalue("sqlite_template"), tmp_path_factory.mktemp("filled")
        yield {name: asyncio.run(_sqlite(template, folder / name, shape)) for name, shape in SHAPES.items()}
        return
    socket = request.getfixturevalue("postgres_server")
    yield {name: asyncio.run(_postgres(socket, f"filled_{name}", shape)) for name, shape in SHAPES.items()}
    drops = [f"DROP DATABASE filled_{name} WITH (FORCE)" for name in SHAPES]
    asyncio.run(on_server(socket, *drops))


async def _sqlite(template: Path, path: Path, shape: Shape) -> str:
    address = f"sqlite+aiosqlite:///{shutil.copy(template, path)}"
    await fill(address, shape)
    return address


async def _postgres(socket: str, name: str, shape: Shape) -> str:
    await on_server(socket, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    await fill(postgres.url(socket, name), shape)
    return postgres.url(socket, name)


@pytest.fixture
async def filled(addresses: dict[str, str]) -> AsyncIterator[dict[str, Database]]:
    databases = {name: Database(address) for name, address in addresses.items()}
    yield databases
    for database in databases.values():
        await database.close()


def summary_of(unit_id: int, days: DayRange) -> Reading:
    return lambda session: read_summary(session, WHO, unit_id, days, datetime.now(UTC))


async def test_filled_counters_equal_the_raw_visits(filled: dict[str, Database]) -> None:
    async with filled["small"].write() as session:
        result = await reconcile(session)
    assert result.right, result.wrong
    assert result.checked > SMALL.visits


@pytest.mark.parametrize("days", [MONTH, QUARTER], ids=["month", "quarter"])
@pytest.mark.parametrize("unit_id", [COMMUNE, "village"])
async def test_a_communes_numbers_cost_the_same_in_a_larger_province(
    filled: dict[str, Database], unit_id: int | str, days: DayRange
) -> None:
    units = {name: unit_id if isinstance(unit_id, int) else COMMUNE + SHAPES[name].communes for name in filled}
    small, large = [await work_of(filled[n], summary_of(units[n], days)) for n in ("small", "large")]
    print(f"{small} and {large}: {large / small:.2f} times")
    assert small > 0
    assert large <= MOST * small


@pytest.mark.parametrize("days", [QUARTER, WHOLE_YEAR], ids=["quarter", "year"])
async def test_a_provinces_numbers_cost_the_same_for_ten_times_the_visits(
    filled: dict[str, Database], days: DayRange
) -> None:
    sparse, dense = [await work_of(filled[n], summary_of(PROVINCE, days)) for n in ("small", "dense")]
    print(f"{sparse} and {dense}: {dense / sparse:.2f} times")
    assert sparse > 0
    assert dense <= MOST * sparse
