"""Lists over the wire: an officer brings a file, good ones are staged, hostile ones leave nothing but a name."""

import asyncio
import codecs
import io
import tracemalloc
import unicodedata
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from fieldapp.api.gate import Gate
from fieldapp.db import Database
from fieldapp.domain.roster import COLUMNS, heads_of, needed_of
from fieldapp.domain.sheet import MAX_FILE_BYTES, MAX_FORM_BYTES, MAX_LINES, read_lines
from fieldapp.problems import Problem
from models.account import Account, Role
from models.household import Household
from models.roster_import import ImportKind, RosterImport, RosterImportRow
from tests import build, sheets
from tests.build import World
from tests.sheets import HOUSEHOLD_HEADS, MEMBER_HEADS, SHEET, workbook

PATH = "/api/v1/imports"
ROW = ("Thôn Đông Hòa", "20", "A Thút")
GOOD = workbook(HOUSEHOLD_HEADS, ROW)


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


async def bring(client: httpx.AsyncClient, content: bytes, kind: str = "households", name: str = "ds.xlsx") -> Any:
    return await client.post(PATH, data={"kind": kind}, files={"file": (name, content)})


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


async def lines(db: Database) -> list[RosterImportRow]:
    async with db.read() as session:
        order = RosterImportRow.__table__.c.line
        return list((await session.execute(select(RosterImportRow).order_by(order))).scalars())


async def count(db: Database, table: Any) -> int:
    async with db.read() as session:
        return (await session.execute(select(func.count()).select_from(table.__table__))).scalar_one()


async def test_a_workbook_is_staged_line_by_line_and_nothing_is_in_the_record_yet(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    await build.enter(client, db, stage.commune_officer)
    content = workbook(
        ["UBND XÃ SƠN TỊNH", None, "DANH SÁCH HỘ"],
        [],
        ["STT", "Chủ hộ", "Số hộ (*)", "Thôn"],
        [1, "Y Hoa", 21, "Thôn Đông Hòa"],
        [None, None, None, None],
        [2, "Nguyễn Văn Ba", 1, "dong hoa"],
        [3, "", "", "Thôn Không Có"],
        before=("Ghi chú",),
        merged=("A1:B1",),
    )
    answer = await bring(client, content)
    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in ("lines", "faulty", "twins")} == {"lines": 3, "faulty": 1, "twins": 1}
    staged = await lines(db)
    assert [(row.line, row.given["number"]) for row in staged] == [(4, "21"), (6, "1"), (7, "")]
    assert [fault["code"] for fault in staged[2].faults] == ["missing", "village_unknown"]
    assert await count(db, Household) == 12


TEXT = "Chủ hộ{d}Số hộ{d}Thôn\r\n" + unicodedata.normalize("NFD", "Đặng Thị Thùy") + "{d}20{d}Thôn Đông Hòa\r\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
async def test_text_with_columns_is_read_however_it_was_saved(
    client: httpx.AsyncClient, db: Database, stage: World, delimiter: str, encoding: str
) -> None:
    await build.enter(client, db, stage.commune_officer)
    text = TEXT.format(d=delimiter)
    content = codecs.BOM_UTF16_LE + text.encode("utf-16-le") if encoding.endswith("bom") else text.encode(encoding)
    answer = await bring(client, content, name="ds.csv")
    assert answer.status_code == 200, answer.text
    (row,) = await lines(db)
    assert (row.line, row.given["head"], row.faults) == (2, "Đặng Thị Thùy", [])


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        (("=1+1", "20", ""), [("village", "formula")]),
        (("Thôn Đông Hòa", '=HYPERLINK("http://x")', ""), [("number", "formula")]),
        (("Thôn Đông Hòa", "20", "012345678901"), [("head", "identity")]),
        (("Thôn Đông Hòa", "20", "x" * 301), [("head", "too_long")]),
        (("Thôn Đông Hòa", "1" * 21, ""), [("number", "identity")]),
        (("Thôn Đông Hòa", "20", "A\u202eB"), [("head", "unreadable")]),
        (("Thôn Đông Hòa", "20", "<script>alert(1)</script>"), [("head", "name_wrong")]),
    ],
    ids=["formula", "link", "identity", "long", "digits", "direction", "script"],
)
async def test_hostile_cells_are_named_by_line_and_column(
    client: httpx.AsyncClient, db: Database, stage: World, row: tuple[str, ...], faults: list[tuple[str, str]]
) -> None:
    await build.enter(client, db, stage.commune_officer)
    answer = await bring(client, workbook(HOUSEHOLD_HEADS, row))
    assert answer.status_code == 200, answer.text
    (line,) = await lines(db)
    assert (line.line, [(fault["column"], fault["code"]) for fault in line.faults]) == (2, faults)


async def test_merged_cells_below_the_heads_are_named(client: httpx.AsyncClient, db: Database, stage: World) -> None:
    await build.enter(client, db, stage.commune_officer)
    content = workbook(HOUSEHOLD_HEADS, ROW, (None, "21", ""), merged=("A2:A3",))
    assert (await bring(client, content)).json()["faulty"] == 1
    assert [(row.line, [fault["code"] for fault in row.faults]) for row in await lines(db)] == [
        (2, []),
        (3, ["merged"]),
    ]


def many_lines() -> bytes:
    return ("Thôn;Số hộ\n" + "Thôn Đông Hòa;1\n" * (MAX_LINES + 1)).encode()


def wide_line() -> bytes:
    xml = sheets.part_of(GOOD, SHEET)
    return sheets.with_part(
        GOOD, SHEET, xml.replace(b"</sheetData>", b'<row r="3">' + b"<c/>" * 2_000_000 + b"</row></sheetData>")
    )


def styles() -> bytes:
    return sheets.with_part(GOOD, "xl/styles.xml", b"<a>" + b"<b/>" * 600_000 + b"</a>")


def parts() -> bytes:
    book = {"[Content_Types].xml": b"", "xl__workbook.xml": b""}
    return sheets.zipped(**{f"p{n}": b"" for n in range(600)}, **book)


def far_line() -> bytes:
    xml = sheets.part_of(GOOD, SHEET)
    row = b'<row r="999999999"><c r="A999999999" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return sheets.with_part(GOOD, SHEET, xml.replace(b"</sheetData>", row))


def entities() -> bytes:
    xml = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    return sheets.with_part(GOOD, "xl/workbook.xml", xml + sheets.part_of(GOOD, "xl/workbook.xml"))


def merges() -> bytes:
    areas = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(1, 2_000))
    xml = sheets.part_of(GOOD, SHEET).replace(b"</sheetData>", b"</sheetData><mergeCells>" + areas + b"</mergeCells>")
    return sheets.with_part(GOOD, SHEET, xml)


HOSTILE = {
    "empty": (lambda: b"", "sheet_heads_missing"),
    "picture": (lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40, "sheet_foreign"),
    "pdf": (lambda: b"%PDF-1.7\n1 0 obj", "sheet_foreign"),
    "web-page": (lambda: b"<html><table><tr><td>Th\xc3\xb4n</td></tr></table>", "sheet_foreign"),
    "old-xls": (lambda: sheets.old_office("Workbook"), "sheet_foreign"),
    "password": (lambda: sheets.old_office("EncryptionInfo", "EncryptedPackage"), "sheet_encrypted"),
    "locked-zip": (lambda: sheets.locked(GOOD), "sheet_encrypted"),
    "macros": (lambda: sheets.with_part(GOOD, "xl/vbaProject.bin", b"x"), "sheet_macro"),
    "word": (lambda: sheets.zipped(**{"[Content_Types].xml": b"<a/>", "word__document.xml": b"<a/>"}), "sheet_foreign"),
    "zip": (lambda: sheets.zipped(**{"a.txt": b"hello"}), "sheet_foreign"),
    "cut": (lambda: GOOD[: len(GOOD) // 2], "sheet_broken"),
    "cut-end": (lambda: GOOD[:-10], "sheet_broken"),
    "no-xml": (lambda: sheets.with_part(GOOD, SHEET, b"hello"), "sheet_broken"),
    "no-book": (lambda: sheets.with_part(GOOD, "xl/workbook.xml", b"<a/>"), "sheet_heads_missing"),
    "lying-zip": (lambda: sheets.lying(GOOD), "sheet_broken"),
    "bomb": (lambda: sheets.bomb(GOOD, 300_000_000), "sheet_too_large"),
    "styles": (styles, "sheet_too_large"),
    "parts": (parts, "sheet_too_large"),
    "wide-line": (wide_line, "sheet_too_large"),
    "far-line": (far_line, "staged"),
    "entities": (entities, "sheet_broken"),
    "merges": (merges, "sheet_merged"),
    "wrong-sheet": (lambda: workbook(("Tháng", "Doanh thu"), ("1", "2")), "sheet_heads_missing"),
    "wrong-kind": (lambda: workbook(MEMBER_HEADS, ("A Thút", "", "Thôn Đông Hòa")), "sheet_heads_missing"),
    "heads-alone": (lambda: workbook(HOUSEHOLD_HEADS), "sheet_empty"),
    "heads-twice": (lambda: workbook((*HOUSEHOLD_HEADS, "Thôn"), (*ROW, "x")), "sheet_heads_twice"),
    "too-long": (many_lines, "sheet_too_long"),
    "old-letters": (lambda: "Thôn,Số hộ\nĐông,1".encode("cp1258", "replace"), "sheet_encoding"),
    "nulls": (lambda: b"Th\xc3\xb4n,S\xc3\xb4 ho\n\0\0\0,1", "sheet_foreign"),
    "open-quote": (lambda: ('Thôn,Số hộ\n"' + "x" * 200_000).encode(), "sheet_broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_files_end_in_a_named_problem_and_leave_nothing(
    client: httpx.AsyncClient, db: Database, stage: World, name: str
) -> None:
    await build.enter(client, db, stage.commune_officer)
    make, expected = HOSTILE[name]
    content = await asyncio.to_thread(make)
    assert len(content) < MAX_FILE_BYTES
    answer = await bring(client, content)
    if expected == "staged":
        assert answer.json()["lines"] == 1, answer.text
        return
    assert code(answer)[1] == expected
    assert (await count(db, RosterImport), await count(db, RosterImportRow)) == (0, 0)


def test_a_bomb_takes_no_memory_to_refuse() -> None:
    bombs = [sheets.bomb(GOOD, 23_000_000), wide_line(), sheets.bomb(GOOD, 300_000_000)]
    tracemalloc.start()
    for content in bombs:
        with pytest.raises(Problem, match="sheet_too_large"):
            read_lines(content, heads_of(ImportKind.HOUSEHOLDS), needed_of(ImportKind.HOUSEHOLDS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000, f"{peak} bytes"


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    await build.enter(client, db, stage.commune_officer)
    assert code(await bring(client, bytes(MAX_FILE_BYTES + 1))) == (413, "file_too_large")

    async def nobody(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("it passed")

    transport = httpx.ASGITransport(Gate(nobody))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as outside:
        assert code(await outside.post(PATH, content=bytes(MAX_FORM_BYTES + 1))) == (413, "too_large")


@pytest.mark.parametrize("kind", ["", "people", "MEMBERS"])
async def test_a_list_of_something_else_is_refused(
    client: httpx.AsyncClient, db: Database, stage: World, kind: str
) -> None:
    await build.enter(client, db, stage.commune_officer)
    assert code(await bring(client, GOOD, kind)) == (422, "invalid")


async def test_only_the_communes_officer_brings_lists(client: httpx.AsyncClient, db: Database, stage: World) -> None:
    head: Account = await build.account(db, stage.commune, Role.COMMUNE_LEADER)
    for who in (head, stage.province_officer, stage.leader, stage.member):
        await build.enter(client, db, who)
        assert code(await bring(client, GOOD)) == (403, "forbidden")
        assert code(await client.get(f"{PATH}/template/members.xlsx")) == (403, "forbidden")
    assert await count(db, RosterImport) == 0


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("kind", list(ImportKind))
async def test_the_template_is_taken_back_as_it_was_given(
    client: httpx.AsyncClient, db: Database, stage: World, kind: ImportKind, locale: str
) -> None:
    await build.enter(client, db, stage.commune_officer)
    given = await client.get(f"{PATH}/template/{kind}.xlsx?locale={locale}")
    assert given.status_code == 200
    assert code(await bring(client, given.content, kind)) == (422, "sheet_empty")
    book = load_workbook(io.BytesIO(given.content))
    values = {"name": "A Thút", "phone": "0905123456", "village": "Thôn Đông Hòa", "role": "", "position": ""}
    values |= {"number": "20", "head": "Y Hoa"}
    book.worksheets[0].append([values[column.name] for column in COLUMNS[kind]])
    out = io.BytesIO()
    book.save(out)
    assert (await bring(client, out.getvalue(), kind)).json()["faulty"] == 0
    assert len(await lines(db)) == 1
