"""Plain pages: HTML without cookie or foreign host, for whoever has an address and no account."""

from html import escape
from pathlib import Path
from string import Template

from fieldapp.i18n import LOCALES, text

PAGE = Template(Path(__file__).with_suffix(".html").read_text("utf-8"))


def public_page(title: str, content: str, locale: str, foot: str = "", kept: str = "") -> str:
    """All but the title is HTML already; `kept` is what the way to the other language keeps of the query."""
    other = next(one for one in LOCALES if one != locale)
    words = escape(text("card_page.other_language", locale))
    way = f'<a href="?{kept}lang={other}" hreflang="{other}" lang="{other}">{words}</a>'
    return frame(title, content, locale, foot, other=way)


def frame(
    title: str, content: str, locale: str, foot: str = "", *, other: str = "", style: str = "", marks: str = ""
) -> str:
    """What every plain page stands in; `marks` are attributes of its body, with a space before each."""
    return PAGE.substitute(
        locale=locale,
        product=escape(text("app.name", locale)),
        title=escape(title),
        other=other,
        style=style,
        marks=marks,
        content=content,
        foot=foot,
    )


def policy(script: str = "") -> str:
    """The page's own styles, nothing from elsewhere, and of scripts at most the one that is named."""
    scripts = f"script-src '{script}'; " if script else ""
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; {scripts}img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


HEADERS = {"cache-control": "private, max-age=300", "content-security-policy": policy()}
