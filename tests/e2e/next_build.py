"""A served site that can be replaced by its next build: the same sources, every hashed file under another name."""

import re
import shutil
from pathlib import Path

from fieldapp.cli import site
from fieldapp.config import ROOT

TEXTS = {".js", ".css", ".html", ".json", ".webmanifest"}
PACKED = {".gz", ".br"}
STAMP = "-next"


class ServedSite:
    """A copy of the built site in a folder of its own, for a server whose `REFLEX_WEB_WORKDIR` is `web`."""

    def __init__(self, folder: Path) -> None:
        self.web = folder / "web"
        self.client = self.web / "build" / "client"
        self.web.mkdir(parents=True)
        for path in (ROOT / ".web").iterdir():
            if path.name not in ("build", "kept-assets", "own-assets.json"):
                (self.web / path.name).symlink_to(path)
        shutil.copytree(site.SITE, self.client)

    def build_next(self) -> None:
        """Puts the next build in the place of this one, as `fieldapp.cli.site` does."""
        assets, kept, own = self.client / "assets", self.web / "kept-assets", self.web / "own-assets.json"
        site.set_aside(assets, kept, own)
        names = {p.name: f"{p.stem}{STAMP}{p.suffix}" for p in assets.iterdir() if p.suffix not in PACKED}
        longest_first = sorted(names, key=len, reverse=True)
        named = re.compile(r"(?<![\w.\-$~\[\]])(" + "|".join(map(re.escape, longest_first)) + r")(?![\w.\-])")
        for path in [p for p in self.client.rglob("*") if p.is_file()]:
            if path.suffix in PACKED:
                path.unlink()
            elif path.suffix in TEXTS:
                text = named.sub(lambda m: names[m[1]], path.read_text("utf-8"))
                path.write_text(_with_new_revisions(text) if path.name == "sw.js" else text, "utf-8")
        for old, new in names.items():
            (assets / old).rename(assets / new)
        site.bring_back(assets, kept, own)


def _with_new_revisions(worker: str) -> str:
    """The worker's list says that every page is another, too."""
    changed, count = re.subn(r'("?revision"?:")(\w+")', rf"\1{STAMP}\2", worker)
    assert count, "the worker lists no page"
    return changed
