"""Tables to take away, as CSV or XLSX: what the desk shows, with the name of whoever took it, and written down."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from fieldapp.api.document import TABLE
from fieldapp.api.identity import Reader
from fieldapp.db import database
from fieldapp.domain.day_range import given_range
from fieldapp.domain.given import Key
from fieldapp.domain.vn_time import vn_day
from fieldapp.i18n import text
from fieldapp.permissions import Principal
from fieldapp.reports import audit_filter
from fieldapp.reports.audit_list import every_deed
from fieldapp.reports.audit_sheet import audit_cells, audit_sheet
from fieldapp.reports.class_list import get_class, list_attendees
from fieldapp.reports.class_sheet import class_sheet
from fieldapp.reports.consent_log import COLUMNS as CONSENT_COLUMNS
from fieldapp.reports.consent_log import every_consent
from fieldapp.reports.export_sheets import Mark, register_sheet, summary_sheets, visit_sheet
from fieldapp.reports.household_export import household_sheets
from fieldapp.reports.incident_list import get_incident, incident_sheet
from fieldapp.reports.register import list_people, read_columns
from fieldapp.reports.spreadsheet import BYTE_ORDER_MARK, Book, Row, Sheet, book_of, csv_bytes, csv_head, csv_pieces
from fieldapp.reports.summary import read_summary
from fieldapp.reports.visit_export import every_visit
from fieldapp.reports.visit_filter import VisitFilter, commune_of, read_filter
from fieldapp.services import audit
from fieldapp.services.samples import is_sample
from models.base import utc_now

router = APIRouter(prefix="/exports")
Kind = Literal["csv", "xlsx"]
Locale = Literal["vi", "en"]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NOT_FILTERS = ("slot", "locale", "page")


@router.get("/summary.{kind}", response_class=StreamingResponse, responses=TABLE)
async def export_summary(
    kind: Kind, who: Reader, unit: Key, first: date, last: date, locale: Locale = "vi"
) -> StreamingResponse:
    """The overview of a unit over a range of days, its panels as tables."""
    now = utc_now()
    async with database().read() as db:
        summary = await read_summary(db, who, unit, given_range(first, last), now)
        mark = Mark(who, now, await is_sample(db), locale)
    await _note(who, "export.summary", unit, first=first.isoformat(), last=last.isoformat())
    sheets = summary_sheets(summary, mark)
    pieces = csv_pieces(sheets) if kind == "csv" else await asyncio.to_thread(book_of, sheets)
    return _file(pieces, kind, f"tong-hop-{summary.unit.code}-{summary.days.first}-{summary.days.last}")


@router.get("/visits.{kind}", response_class=StreamingResponse, responses=TABLE)
async def export_visits(kind: Kind, request: Request, who: Reader, locale: Locale = "vi") -> StreamingResponse:
    """Every visit that the filter lets through, not only a page of them."""
    given = {name: value for name, value in request.query_params.items() if name not in NOT_FILTERS}
    asked, commune = read_filter(given), commune_of(who)
    async with database().read() as db:
        mark = Mark(who, utc_now(), await is_sample(db), locale)
    await _note(who, "export.visits", commune, **asked.chosen())
    sheet = visit_sheet(mark, who.unit_name)
    rows = _rows(who, asked, locale)
    pieces = _csv(sheet, rows) if kind == "csv" else await _book(sheet, rows)
    return _file(pieces, kind, f"phieu-{vn_day(mark.at):%Y%m%d}")


@router.get("/audit.{kind}", response_class=StreamingResponse, responses=TABLE)
async def export_audit(kind: Kind, request: Request, who: Reader, locale: Locale = "vi") -> StreamingResponse:
    """The audit as its page shows it to this person, all pages of it."""
    given = {name: value for name, value in request.query_params.items() if name not in NOT_FILTERS}
    asked = audit_filter.read_filter(given)
    async with database().read() as db:
        await audit_filter.conditions(db, who, asked)
        mark = Mark(who, utc_now(), await is_sample(db), locale)
    await _note(who, "export.audit", who.unit_id or 0, **asked.chosen())
    sheet = audit_sheet(mark, who.unit_name)
    rows = _deeds(who, asked, locale)
    pieces = _csv(sheet, rows) if kind == "csv" else await _book(sheet, rows)
    return _file(pieces, kind, f"nhat-ky-{vn_day(mark.at):%Y%m%d}")


async def _deeds(who: Principal, asked: audit_filter.AuditFilter, locale: Locale) -> AsyncIterator[Sequence[Row]]:
    async with database().read() as db:
        async for rows in every_deed(db, who, asked):
            yield [audit_cells(row, locale) for row in rows]


@router.get("/consents.{kind}", response_class=StreamingResponse, responses=TABLE)
async def export_consents(kind: Kind, who: Reader, locale: Locale = "vi") -> StreamingResponse:
    """The consent log of the officer's commune."""
    async with database().read() as db:
        mark = Mark(who, utc_now(), await is_sample(db), locale)
        rows = await every_consent(db, who, locale)
    await _note(who, "export.consents", who.commune_id or 0)
    heads = [text(f"consents.col_{name}", locale) for name in CONSENT_COLUMNS]
    above = mark.lines("consents.title", who.unit_name)
    sheet = Sheet(text("consents.title", locale), above, heads, rows)
    pieces = csv_pieces([sheet]) if kind == "csv" else await asyncio.to_thread(book_of, [sheet])
    return _file(pieces, kind, f"dong-y-{vn_day(mark.at):%Y%m%d}")


@router.get("/household.{kind}", response_class=StreamingResponse, responses=TABLE)
async def export_household(kind: Kind, who: Reader, request: Key, locale: Locale = "vi") -> StreamingResponse:
    """All that is held of the household of a request about personal data."""
    async with database().read() as db:
        mark = Mark(who, utc_now(), await is_sample(db), locale)
        sheets = await household_sheets(db, who, request, mark)
    await _note(who, "export.household", who.commune_id or 0, request=request)
    pieces = csv_pieces(sheets) if kind == "csv" else await asyncio.to_thread(book_of, sheets)
    return _file(pieces, kind, f"du-lieu-ho-{request}-{vn_day(mark.at):%Y%m%d}")


@router.get("/incident.{kind}", response_class=StreamingResponse, responses=TABLE)
async def export_incident(kind: Kind, who: Reader, incident: Key, locale: Locale = "vi") -> StreamingResponse:
    """What is known of a breach, for the authority that is to be told."""
    async with database().read() as db:
        mark = Mark(who, utc_now(), await is_sample(db), locale)
        sheet = await incident_sheet(db, who, incident, mark, mark.at)
        unit_id = (await get_incident(db, who, incident)).unit_id
    await _note(who, "export.incident", unit_id, incident=incident)
    pieces = csv_pieces([sheet]) if kind == "csv" else await asyncio.to_thread(book_of, [sheet])
    return _file(pieces, kind, f"su-co-{incident}-{vn_day(mark.at):%Y%m%d}")


@router.get("/register.{kind}", response_class=StreamingResponse, responses=TABLE)
async def export_register(kind: Kind, who: Reader, locale: Locale = "vi") -> StreamingResponse:
    """Teams and members in the columns of the province's own form: of the officer's commune, or of all."""
    now = utc_now()
    async with database().read() as db:
        columns = await read_columns(db)
        people, _ = await list_people(db, who, vn_day(now))
        mark = Mark(who, now, await is_sample(db), locale)
    await _note(who, "export.register", who.commune_id, people=len(people))
    sheets = [register_sheet(mark, columns, people)]
    pieces = csv_pieces(sheets) if kind == "csv" else await asyncio.to_thread(book_of, sheets)
    return _file(pieces, kind, f"danh-sach-to-cnscd-{vn_day(now):%Y%m%d}")


@router.get("/class.{kind}", response_class=StreamingResponse, responses=TABLE)
async def export_class(kind: Kind, who: Reader, training: Key, locale: Locale = "vi") -> StreamingResponse:
    """Who came to a training class, for its certificates; a commune's own people alone."""
    async with database().read() as db:
        mark = Mark(who, utc_now(), await is_sample(db), locale)
        row, people = await get_class(db, who, training), await list_attendees(db, who, training)
    await _note(who, "export.class", who.commune_id or who.unit_id, training=training, people=len(people))
    sheet = class_sheet(mark, row, people)
    pieces = csv_pieces([sheet]) if kind == "csv" else await asyncio.to_thread(book_of, [sheet])
    return _file(pieces, kind, f"lop-tap-huan-{training}-{row.held_on:%Y%m%d}")


async def _note(who: Principal, action: str, unit_id: int | None, **detail: Any) -> None:
    """Names and numbers leave the house here, so it is written down before they do."""
    async with database().write() as db:
        await audit.write(db, [audit.event(who, action, "unit", unit_id, unit_id, **detail)])


async def _rows(who: Principal, asked: VisitFilter, locale: Locale) -> AsyncIterator[Sequence[Row]]:
    async with database().read() as db:
        async for rows in every_visit(db, who, asked, locale):
            yield rows


async def _csv(sheet: Sheet, parts: AsyncIterator[Sequence[Row]]) -> AsyncIterator[bytes]:
    yield BYTE_ORDER_MARK + csv_head(sheet)
    async for rows in parts:
        yield csv_bytes(rows)


async def _book(sheet: Sheet, parts: AsyncIterator[Sequence[Row]]) -> Iterator[bytes]:
    book = Book()
    await asyncio.to_thread(book.begin, sheet)
    async for rows in parts:
        await asyncio.to_thread(book.add, rows)
    return await asyncio.to_thread(book.finish)


def _file(pieces: Iterator[bytes] | AsyncIterator[bytes], kind: Kind, name: str) -> StreamingResponse:
    headers = {"content-disposition": f'attachment; filename="{name}.{kind}"', "cache-control": "no-store"}
    return StreamingResponse(pieces, media_type=TYPES[kind], headers=headers)
