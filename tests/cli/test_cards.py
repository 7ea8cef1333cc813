"""Cards from the terminal: what is in the file is valid, and nothing is valid without the file."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from fieldapp.cli.cards import print_cards
from fieldapp.db import Database
from fieldapp.problems import Problem
from fieldapp.services.cards import public_card
from models.household import CardBatch
from tests import build
from tests.build import World
from tests.papers import read_pdf


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("cards*")]


async def batches(db: Database) -> int:
    async with db.read() as session:
        return (await session.execute(select(func.count()).select_from(CardBatch))).scalar_one()


async def test_the_printed_cards_of_a_village_are_valid(db: Database, stage: World, tmp_path: Path):
    output = tmp_path / "cards.pdf"
    await print_cards(stage.village.code, "known", 0, output)
    addresses = [address for page in read_pdf(output.read_bytes()) for address in page.addresses]
    assert len(addresses) == len(stage.households)
    async with db.read() as session:
        assert all([await public_card(session, address.rpartition("/")[2]) for address in addresses])
    assert files(tmp_path) == ["cards.pdf"]


async def test_an_unknown_village_prints_nothing(db: Database, stage: World, tmp_path: Path):
    with pytest.raises(Problem, match="not_found"):
        await print_cards("99999999", "anonymous", 5, tmp_path / "cards.pdf")
    assert files(tmp_path) == []


async def test_no_card_is_valid_when_the_file_cannot_be_written(db: Database, stage: World, tmp_path: Path):
    with pytest.raises(OSError, match="no_such_folder"):
        await print_cards(stage.village.code, "anonymous", 5, tmp_path / "no_such_folder" / "cards.pdf")
    assert await batches(db) == 0
