"""Open data: numbers of communes and platforms for anybody, without a sign-in, where the province publishes them.

Nothing is there until `FIELDAPP_OPEN_DATA` names the licence under which it is.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from fieldapp.api.document import OPEN
from fieldapp.api.exports import TYPES
from fieldapp.api.rates import by_address
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.i18n import text
from fieldapp.problems import Problem
from fieldapp.reports.spreadsheet import BYTE_ORDER_MARK, Row, csv_bytes
from fieldapp.services import open_data
from fieldapp.services.samples import is_sample
from models.base import utc_now
from models.period import ReportKind

Kind = Literal["csv", "json"]
KEPT_SECONDS = 3600
FIGURE_HEADS = (
    "ky", "tu_ngay", "den_ngay", "ma_xa", "ten_xa", "ma_chi_tieu", "ten_chi_tieu", "don_vi", "gia_tri", "mau_so",
)  # fmt: skip
MONTH_HEADS = ("thang", "ma_nen_tang", "ten_nen_tang", "so_luot", "so_luot_tu_lam_duoc", "so_luot_nguoi")
Regular = Literal["week", "month", "quarter", "half_year", "year"]


async def published() -> str:
    """The licence. Raises `not_found` where nothing is published."""
    if not settings().open_data:
        raise Problem("not_found")
    return settings().open_data


router = APIRouter(prefix="/open", dependencies=[Depends(by_address("open")), Depends(published)])


@router.get("/summary.{kind}", response_class=Response, responses=OPEN)
async def open_summary(kind: Kind, last: date | None = None, period: Regular | None = None) -> Response:
    """The approved figures of every commune of one regular period: of the newest, or of the one that ends on a day."""
    async with database().read() as db:
        found = await open_data.read_period(db, last, period)
        about = {
            **_about(await open_data.publisher(db), await is_sample(db)),
            "as_of": found.as_of.isoformat(),
            "period": _days(found.kind, found.first, found.last),
            "periods": [_days(*one) for one in found.others],
        }
    head = (found.kind, found.first.isoformat(), found.last.isoformat())
    rows = [
        (f.code, f.commune, f.indicator, f.name, text(f"reports.unit.{f.unit}"), f.value, f.over) for f in found.figures
    ]
    name = f"so-lieu-{ReportKind(found.kind)}-{found.last:%Y%m%d}"
    return _answer(kind, name, about, FIGURE_HEADS, [(*head, *row) for row in rows])


@router.get("/platforms.{kind}", response_class=Response, responses=OPEN)
async def open_platforms(kind: Kind) -> Response:
    """What was approved in the whole province, by calendar month and platform."""
    now = utc_now()
    async with database().read() as db:
        found = await open_data.read_months(db, now)
        about = {**_about(await open_data.publisher(db), await is_sample(db)), "as_of": now.isoformat()}
    rows = [(f"{m.month:%Y-%m}", m.code, m.name, m.supports, m.independent, m.people) for m in found]
    return _answer(kind, "nen-tang-theo-thang", about, MONTH_HEADS, rows)


def _about(publisher: str, sample: bool) -> dict[str, Any]:
    return {"license": settings().open_data, "publisher": publisher, "sample": sample}


def _days(kind: str, first: date, last: date) -> dict[str, str]:
    return {"kind": kind, "first": first.isoformat(), "last": last.isoformat()}


def _answer(kind: Kind, name: str, about: dict[str, Any], heads: Sequence[str], rows: Sequence[Row]) -> Response:
    """A table with its heads alone, or the same rows by these heads with what is to be known of them."""
    headers = {"cache-control": f"public, max-age={KEPT_SECONDS}", "cross-origin-resource-policy": "cross-origin"}
    headers |= {"access-control-allow-origin": "*"}
    if kind == "json":
        return JSONResponse({**about, "rows": [dict(zip(heads, row, strict=True)) for row in rows]}, headers=headers)
    sample = "-du-lieu-mau" if about["sample"] else ""
    headers["content-disposition"] = f'attachment; filename="{name}{sample}.csv"'
    return Response(BYTE_ORDER_MARK + csv_bytes([heads, *rows]), media_type=TYPES["csv"], headers=headers)
