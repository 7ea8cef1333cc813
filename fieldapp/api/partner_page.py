"""A partner company's percentages behind a secret address, for whoever has it: plain HTML without script or cookie."""

from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from fieldapp.api.document import PAGE, says
from fieldapp.api.identity import OpenCaller
from fieldapp.api.public_page import HEADERS, public_page
from fieldapp.api.rates import by_address
from fieldapp.api.shapes import LinkMade
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.percentage import SMALLEST, Percentage, Word
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.i18n import DEFAULT_LOCALE, LOCALES, text
from fieldapp.permissions import Action, require
from fieldapp.problems import Problem
from fieldapp.services import shared_links
from fieldapp.services.percentages import Percentages, percentages_of
from models.base import utc_now

router = APIRouter()
PerLink = Depends(by_address("card"))


class LinkForm(BaseModel):
    partner: Key
    days: int = Field(ge=1, le=366)


@router.post("/partners/link", responses=says(LinkMade))
async def share_percentages(form: LinkForm, caller: OpenCaller) -> dict[str, Any]:
    """An address at which anybody who has it reads a company's percentages, told this once."""
    require(caller.principal, Action.KEEP_PARTNER)
    async with database().write() as db:
        row, secret = await shared_links.make_percentages(db, caller.principal, form.partner, form.days)
    return {"id": row.id, "secret": f"{settings().origin}/api/v1/partners/{secret}"}


@router.get("/partners/{secret}", responses=PAGE, dependencies=[PerLink])
async def show_percentages(
    secret: str,
    platform: Annotated[PlainText, Query(max_length=20)] = "",
    page: Annotated[int, Query(ge=0, le=1000)] = 0,
    lang: str = DEFAULT_LOCALE,
) -> HTMLResponse:
    """What the company itself is told; an address that is unknown, ended or over looks the same."""
    locale, now = lang if lang in LOCALES else DEFAULT_LOCALE, utc_now()
    try:
        async with database().read() as db:
            company = await shared_links.company_of(db, secret, vn_day(now))
            found = await percentages_of(db, company, platform, page, now)
    except Problem:
        body = f"<h1>{_words('gone', locale)}</h1><p>{_words('gone_next', locale)}</p>"
        return HTMLResponse(_page(body, locale, ""), 404, HEADERS)
    told = _told(found, locale) + f"<p class=quiet>{_words('as_of', locale, at=written_instant(now))}</p>"
    return HTMLResponse(
        _page(told, locale, f"platform={escape(found.platform)}&amp;page={found.page}&amp;"), 200, HEADERS
    )


def _page(body: str, locale: str, kept: str) -> str:
    return public_page(text("desk.percentages", locale), body, locale, kept=kept)


def _told(found: Percentages, locale: str) -> str:
    def way(words: str, here: bool, **asked: Any) -> str:
        query = "&amp;".join(f"{name}={escape(str(value))}" for name, value in {**asked, "lang": locale}.items())
        return f"<b>{escape(words)}</b>" if here else f'<a href="?{query}">{escape(words)}</a>'

    ways = " · ".join(
        way(row.short_en if locale == "en" else row.short_vi, row.code == found.platform, platform=row.code)
        for row in found.platforms
    )
    heads = [text("desk.commune", locale), *(text(f"percentage.col_{one}", locale) for one in ("reached", "target"))]
    heads.append(text("percentage.col_sent", locale))
    rows = "".join(
        f"<tr><th scope=row>{escape(row.name)}</th><td>{_cell('reached', row.reached, locale)}</td>"
        f"<td>{_cell('target', row.target, locale)}</td>"
        f"<td>{escape(written_day(row.sent_on) if row.sent_on else text('percentage.never', locale))}</td></tr>"
        for row in found.rows
    )
    pages = " ".join(
        way(str(n + 1), n == found.page, platform=found.platform, page=n)
        for n in range(found.pages if found.pages > 1 else 0)
    )
    few = escape(text("percentage.few_means", locale, n=SMALLEST))
    return (
        f"<h1>{escape(found.company.name)}</h1><p>{ways}</p>"
        f"<table><thead><tr>{''.join(f'<th scope=col>{escape(head)}</th>' for head in heads)}</tr></thead>"
        f"<tbody>{rows}</tbody></table><p>{pages}</p><p>{few}</p>"
    )


def _cell(column: str, told: Percentage, locale: str) -> str:
    if told.word is Word.PERCENT:
        return f"{told.percent} %"
    return escape(text(f"percentage.{column}.{told.word}", locale))


def _words(name: str, locale: str, **params: Any) -> str:
    return escape(text(f"percentage.link_{name}", locale, **params))
