"""What a browser may do with an answer (Content-Security-Policy), by the kind of address.

Reflex writes scripts into its pages; each is allowed by its hash, worked out from the built pages once a process. Phone
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
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self' {styles}; "
    "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def policy(path: str) -> str:
    """The policy of what stands at this path, unless the answer brings its own."""
    if path.startswith(("/api/", "/healthz", "/readyz")):
        return DATA
    return _page(path == "/m" or path.startswith(("/m/", "/assets/", "/sw.js")))


@cache
def _page(phone: bool) -> str:
    evaluating = "" if phone else "'unsafe-eval' "
    return _PAGE.format(scripts=evaluating + " ".join(_hashes(SITE)), styles=_NOTHING)


@cache
def _hashes(site: Path) -> list[str]:
    """Of every script that stands in a built page; while nothing is built, leave for any."""
    pages = [page.read_bytes().decode() for page in site.rglob("*.html")]
    return sorted({_hash(script) for page in pages for script in _INLINE.findall(page)}) or ["'unsafe-inline'"]


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
