"""What a browser may do with an answer (Content-Security-Policy), by the kind of address.

Reflex writes scripts into its pages; each is allowed by its hash, worked out from the built page once a process. Phone
screens never evaluate text as a script; the desk does where Reflex scrolls or calls a function for a handler.
"""

import base64
import hashlib
import os
import re
from functools import cache
from pathlib import Path

from fieldapp.config import ROOT

SITE = Path(os.environ.get("REFLEX_WEB_WORKDIR", ROOT / ".web")) / "build" / "client"
"""The folder that Reflex serves."""

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_NOTHING = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
"""The hash of an empty style, which emotion puts into every page of Reflex before it goes on by other means."""

DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For answers that are no page: no browser has anything to load for them."""

_PAGE = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self' {styles}; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


FILE = _PAGE.format(scripts="", styles=_NOTHING)
"""For files, of which a worker's script lives by what came with it: short, since a phone pays for every byte."""


def policy(path: str) -> str:
    """The policy of what stands at this path, unless the answer brings its own."""
    if path.startswith(("/api/", "/healthz", "/readyz")):
        return DATA
    page = path.removesuffix("index.html")
    if "." in page.rsplit("/", 1)[-1]:
        return FILE
    name = page.strip("/") or "."
    return _page(name if name in _names() else None, name == "m" or name.startswith("m/"))


@cache
def _names() -> frozenset[str]:
    """Of the built pages, which are folders with one page each."""
    return frozenset(str(page.parent.relative_to(SITE)) for page in SITE.rglob("index.html"))


@cache
def _page(name: str | None, phone: bool) -> str:
    """Of a page by its name; without one, of what is shown in the place of any other."""
    evaluating = "" if phone else " 'unsafe-eval'"
    pages = [SITE / "404.html", SITE / "__spa-fallback.html"] if name is None else [SITE / name / "index.html"]
    return _PAGE.format(scripts=evaluating + _hashes(pages), styles=_NOTHING)


def _hashes(pages: list[Path]) -> str:
    """Of every script that stands in these pages; while nothing is built, leave for any."""
    texts = [page.read_bytes().decode() for page in pages if page.is_file()]
    found = sorted({_hash(script) for text in texts for script in _INLINE.findall(text)}) or ["'unsafe-inline'"]
    return " " + " ".join(found)


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
