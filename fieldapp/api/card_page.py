"""The page behind a card's QR, for anybody's camera: plain HTML without script, cookie or foreign host.

It tells which village's team helps and how to reach the commune, and nothing about the household.
"""

import re
from html import escape

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from fieldapp.api.public_page import HEADERS, public_page
from fieldapp.api.rates import by_address
from fieldapp.db import database
from fieldapp.i18n import DEFAULT_LOCALE, LOCALES, text
from fieldapp.services.cards import PublicCard, public_card

router = APIRouter()
PerCard = Depends(by_address("card"))
_PHONE = re.compile(r"\+?\d[\d .-]{6,14}\d")


@router.api_route("/h/{code}", methods=["GET", "HEAD"], include_in_schema=False, dependencies=[PerCard])
@router.api_route("/H/{code}", methods=["GET", "HEAD"], include_in_schema=False, dependencies=[PerCard])
async def show_card(code: str, lang: str = DEFAULT_LOCALE) -> HTMLResponse:
    """A card's public face; an unknown and a revoked code look the same."""
    async with database().read() as db:
        card = await public_card(db, code)
    locale = lang if lang in LOCALES else DEFAULT_LOCALE
    return HTMLResponse(_page(card, locale), 200 if card else 404, HEADERS)


def _page(card: PublicCard | None, locale: str) -> str:
    foot = f'<p class="quiet">{_words("privacy", locale)}</p>'
    return public_page(text("card_page.title", locale), _team(card, locale) if card else _unknown(locale), locale, foot)


def _team(card: PublicCard, locale: str) -> str:
    helps = "".join(f"<li>{_words(f'help_{n}', locale)}</li>" for n in (1, 2, 3))
    if card.contact:
        contact = f"<p class=big>{_callable(card.contact)}</p>"
    else:
        contact = f"<p>{_words('no_contact', locale)}</p>"
    return (
        f"<p class=team>{_words('team', locale)}</p><h1>{escape(card.village_name)}</h1>"
        f"<p>{escape(card.commune_name)}</p>"
        f"<h2>{_words('contact', locale)}</h2>{contact}"
        f"<h2>{_words('helps', locale)}</h2><ul>{helps}</ul><p>{_words('secrets', locale)}</p>"
    )


def _unknown(locale: str) -> str:
    return f"<h1>{_words('unknown', locale)}</h1><p>{_words('unknown_next', locale)}</p>"


def _words(name: str, locale: str) -> str:
    return escape(text(f"card_page.{name}", locale))


def _callable(contact: str) -> str:
    """A contact as the commune wrote it, with its telephone numbers to tap."""

    def link(match: re.Match[str]) -> str:
        number = re.sub(r"[ .-]", "", match.group())
        return f'<a href="tel:{number}">{match.group()}</a>'

    return _PHONE.sub(link, escape(contact))
