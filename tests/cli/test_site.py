"""An open tab of the build before finds its files for fourteen days."""

import os
import time
from pathlib import Path

import pytest

from fieldapp.cli.site import KEEP_SECONDS, bring_back, set_aside


@pytest.fixture
def site(tmp_path: Path):
    assets, kept, own = tmp_path / "assets", tmp_path / "kept", tmp_path / "own.json"

    def build(*names: str) -> set[str]:
        if assets.exists():
            set_aside(assets, kept, own)
            for path in assets.iterdir():
                path.unlink()
        assets.mkdir(exist_ok=True)
        kept.mkdir(exist_ok=True)
        for name in names:
            (assets / name).write_text(name)
        bring_back(assets, kept, own)
        return {path.name for path in assets.iterdir()}

    return build, kept


def test_the_files_of_the_build_before_stay_beside_the_new_ones(site):
    build, _ = site
    build("a-1.js", "b-1.js")
    assert build("a-2.js", "b-1.js") == {"a-1.js", "a-2.js", "b-1.js"}
    assert build("a-3.js", "b-1.js") == {"a-1.js", "a-2.js", "a-3.js", "b-1.js"}


def test_they_go_fourteen_days_after_they_were_replaced_not_after_they_were_made(site):
    build, kept = site
    build("a-1.js", "b-1.js")
    build("a-2.js", "b-1.js")
    long_ago = time.time() - KEEP_SECONDS - 60
    for path in kept.iterdir():
        os.utime(path, (long_ago, long_ago))
    assert build("a-3.js", "b-2.js") == {"a-2.js", "a-3.js", "b-1.js", "b-2.js"}
