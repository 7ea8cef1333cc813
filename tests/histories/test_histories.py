"""A few histories at every run of the tests; `make histories` plays thousands."""

from pathlib import Path

import pytest

from tests.conftest import TEMPLATE
from tests.histories.base import Base, PostgresBase, SqliteBase
from tests.histories.run import run, staged

FEW = 12
SEED = 41


@pytest.fixture
def base(database_template: Path | str, tmp_path: Path) -> Base:
    if isinstance(database_template, Path):
        return SqliteBase(database_template, tmp_path)
    return PostgresBase(database_template, TEMPLATE)


def test_histories_end_with_nothing_lost_and_nothing_doubled(base: Base, tmp_path: Path) -> None:
    with staged(base, tmp_path) as stage:
        run(stage, tmp_path, stage.db.url.partition("+")[0], FEW, SEED)
    said = {tuple(name.split()[:2]) for name in stage.results}
    assert {("visit.create", "created"), ("visit.create", "identical"), ("visit.replace", "created")} <= said
    assert ("review.decide", "created") in said
