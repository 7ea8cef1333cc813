"""The plain page for whoever opens a phone screen where it cannot work: in an app's own browser, in one that is too
old, over plain http. It says what to do and gives the link to take along.

What stands behind the # of an invitation never reaches a server; so the page answers under the address that was asked
for, and a few lines of old script put the whole address into the link.
"""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.types import Scope

from fieldapp.api.public_page import frame, policy
from fieldapp.config import settings
from fieldapp.domain.browser import Unfit, unfit
from fieldapp.i18n import DEFAULT_LOCALE, text

router = APIRouter()
PATH = "/browser/"
_HERE = Path(__file__).parent
_PAGE = Template((_HERE / "browser_page.html").read_text("utf-8"))
_STYLE = (_HERE / "browser_page.css").read_text("utf-8")
_SCRIPT = (_HERE / "browser_page.js").read_text("utf-8")
_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
_AT_HOME = ("localhost", "127.0.0.1", "[::1]")
HEADERS = {
    "cache-control": "no-store",
    "vary": "user-agent, accept-language",
    "content-security-policy": policy(f"sha256-{_HASH}"),
}
_STEPS = {
    Unfit.IN_APP: ("in_app_1", "in_app_2", "in_app_3"),
    Unfit.OLD: ("old_1", "old_2", "old_3"),
    Unfit.INSECURE: ("insecure_1", "insecure_2"),
}


def led_there(scope: Scope, headers: Mapping[str, str]) -> Scope:
    """The same request, or for a phone screen that cannot work in this browser, one for the plain page."""
    path = scope["path"]
    if scope.get("method") != "GET" or not (path == "/m" or path.startswith("/m/")) or "." in path.rpartition("/")[2]:
        return scope
    if reason_of(headers) is None:
        return scope
    return {**scope, "path": PATH, "raw_path": PATH.encode()}


def reason_of(headers: Mapping[str, str]) -> Unfit | None:
    """An app's browser first: https would not help there."""
    found = unfit(headers.get("user-agent", ""))
    return found or (Unfit.INSECURE if _is_insecure(headers.get("host", "")) else None)


def _is_insecure(host: str) -> bool:
    """Off this machine, and not by the address whose https browsers were promised."""
    if host.rpartition(":")[0] in _AT_HOME or host in _AT_HOME:
        return False
    return not settings().secure or host != settings().origin.partition("://")[2]


@router.get(PATH, include_in_schema=False)
async def show_browser_page(request: Request) -> HTMLResponse:
    """Also where a page sends itself whose browser lacks a feature."""
    locale = "en" if request.headers.get("accept-language", "").lower().startswith("en") else DEFAULT_LOCALE
    return HTMLResponse(_page(reason_of(request.headers) or Unfit.OLD, locale), 200, HEADERS)


def _page(reason: Unfit, locale: str) -> str:
    def words(name: str) -> str:
        return escape(text(f"browser.{name}", locale))

    content = _PAGE.substitute(
        title=words(f"{reason}_title"),
        why=words(f"{reason}_why"),
        steps="".join(f"<li>{words(step)}</li>" for step in _STEPS[reason]),
        open=words("open"),
        link=words("link"),
        copy=words("copy"),
        copied=words("copied"),
    )
    origin = escape(settings().origin if settings().secure else "")
    marks = f' data-origin="{origin}" data-reason="{reason}" data-chrome="{words("chrome")}"'
    title, script = text(f"browser.{reason}_title", locale), f"<script>{_SCRIPT}</script>"
    return frame(title, content, locale, script, style=_STYLE, marks=marks)
