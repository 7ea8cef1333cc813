"""Pages for whoever has an address and no account: plain HTML without script, cookie or foreign host."""

from html import escape
from pathlib import Path
from string import Template

from fieldapp.i18n import LOCALES, text

PAGE = Template(Path(__file__).with_suffix(".html").read_text("utf-8"))
HEADERS = {
    "cache-control": "private, max-age=300",
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}


def public_page(title: str, content: str, locale: str, foot: str = "", kept: str = "") -> str:
    """All but the title is HTML already; `kept` is what the way to the other language keeps of the query."""
    other = next(one for one in LOCALES if one != locale)
    return PAGE.substitute(
        locale=locale,
        other_locale=other,
        other_language=escape(text("card_page.other_language", locale)),
        product=escape(text("app.name", locale)),
        title=escape(title),
        kept=kept,
        content=content,
        foot=foot,
    )
