"""Decisions over the wire: brought with or without their paper, given back as a PDF alone, drafted in Word."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import httpx
import pytest
from docx import Document
from sqlalchemy import select

from fieldapp.api.gate import Gate
from fieldapp.db import Database
from fieldapp.domain.decision_form import MAX_FORM_BYTES
from fieldapp.domain.paper import MAX_PAPER_BYTES
from fieldapp.domain.vn_time import vn_day
from fieldapp.integrations.photo_store import photo_store
from fieldapp.jobs.decode_photos import sweep_orphans
from fieldapp.reports.team_standing import list_standings
from models.account import Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.decision import Decision
from models.team import CompositionReason, SeatKind, SeatRole
from tests import build
from tests.build import World
from tests.papers_pdf import pdf

PATH = "/api/v1/decisions"
TODAY = vn_day(utc_now())


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def bring(client: httpx.AsyncClient, *teams: Any, paper: bytes | None = None, **texts: Any) -> httpx.Response:
    usual = {
        "number": "45/QĐ-UBND",
        "issued_on": TODAY.isoformat(),
        "effective_on": TODAY.isoformat(),
        "signer": "Phạm Văn Thành",
        "summary": "Về việc thành lập Tổ công nghệ số cộng đồng",
        **{f"tick_{team.id}": "on" for team in teams},
    }
    files = {"file": ("qd.pdf", paper, "application/pdf")} if paper is not None else {"none": ("", b"")}
    return await client.post(PATH, data=usual | texts, files=files)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


async def decisions_of(db: Database, team: Any) -> str:
    async with db.read() as session:
        found = (await list_standings(session, TODAY))[team.id].decision
    return found.number if found else ""


async def test_one_decision_founds_many_teams_and_its_paper_comes_back(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    await build.enter(client, db, world.commune_officer)
    answer = await bring(client, world.team, world.next_team, paper=pdf())
    assert answer.status_code == 200, answer.text
    kept = answer.json()
    assert (kept["number"], kept["teams"], kept["silenced"]) == ("45/QĐ-UBND", 2, 0)
    assert kept["warnings"] > 2, "they stop nothing"
    assert {await decisions_of(db, team) for team in (world.team, world.next_team)} == {"45/QĐ-UBND"}
    read = await client.get(f"{PATH}/{kept['id']}/file")
    assert (read.status_code, read.content, read.headers["content-type"]) == (200, pdf(), "application/pdf")
    assert "sandbox" in read.headers["content-security-policy"]
    assert read.headers["content-disposition"].startswith("attachment")


async def test_a_reason_is_noted_for_every_warning_of_the_teams_it_names(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    await build.enter(client, db, world.commune_officer)
    kept = (await bring(client, world.team, reason="Chưa bố trí được người")).json()
    assert (kept["warnings"], kept["silenced"]) == (0, 5)
    async with db.read() as session:
        reasons = (await session.execute(select(CompositionReason))).scalars().all()
        standing = await list_standings(session, TODAY)
    assert {(row.team_id, row.reason) for row in reasons} == {(world.team.id, "Chưa bố trí được người")}
    assert standing[world.team.id or 0].heard == []
    assert standing[world.next_team.id or 0].heard != []


async def test_one_is_put_right_gets_its_paper_later_and_is_replaced(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    await build.enter(client, db, world.commune_officer)
    first = (await bring(client, world.team, world.next_team)).json()["id"]
    assert (await client.get(f"{PATH}/{first}/file")).status_code == 404
    again = await bring(client, world.team, decision=str(first), number="45a/QĐ-UBND", paper=pdf())
    assert (again.json()["id"], again.json()["teams"]) == (first, 1)
    await bring(client, world.team, decision=str(first), number="45a/QĐ-UBND")
    assert (await client.get(f"{PATH}/{first}/file")).status_code == 200, "a paper stays"
    assert await decisions_of(db, world.next_team) == ""
    assert code(await bring(client, world.team, number=" 45A/qđ-ubnd ")) == (409, "decision_known")
    later = (await bring(client, world.next_team, number="60/QĐ-UBND", replaces=str(first))).json()["id"]
    assert (await decisions_of(db, world.team), await decisions_of(db, world.next_team)) == ("", "60/QĐ-UBND")
    assert code(await bring(client, world.team, number="61/QĐ-UBND", replaces=str(first))) == (409, "decision_replaced")
    circle = await bring(client, world.team, decision=str(first), number="45a/QĐ-UBND", replaces=str(later))
    assert code(circle) == (409, "decision_replaced")
    async with db.read() as session:
        actions = list((await session.execute(select(AuditEvent.__table__.c.action))).scalars())
    assert actions.count("decision.keep") == 4
    assert actions.count("decision.replace") == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"number": "  "}, (422, "invalid")),
        ({"signer": ""}, (422, "invalid")),
        ({"summary": "x" * 501}, (422, "invalid")),
        ({"issued_on": "yesterday"}, (422, "invalid")),
        ({"issued_on": "1999-01-01"}, (422, "day_wrong")),
        ({"effective_on": (TODAY - timedelta(days=1)).isoformat()}, (422, "day_wrong")),
        ({"reason": "Gọi 0000123456"}, (422, "note_identity")),
        ({"decision": "999"}, (404, "not_found")),
        ({"replaces": "999"}, (404, "not_found")),
        ({"decision": "1 OR 1=1"}, (422, "invalid")),
        ({"number": "a\x00b"}, (422, "invalid")),
        ({"tick_999999": "on"}, (403, "forbidden")),
    ],
)
async def test_what_cannot_be_is_refused(
    client: httpx.AsyncClient, db: Database, world: World, given: dict[str, str], expected: tuple[int, str]
) -> None:
    await build.enter(client, db, world.commune_officer)
    assert code(await bring(client, world.team, **given)) == expected
    assert code(await bring(client)) == (422, "teams_missing")
    async with db.read() as session:
        assert (await session.execute(select(Decision))).first() is None


@pytest.mark.parametrize(
    "content", [b"<html><script>alert(1)</script>", b"%PDF-1.4 cut short", b"MZ" + pdf(), b"x%PDF-1.4\n%%EOF"]
)
async def test_only_a_pdf_is_a_paper(client: httpx.AsyncClient, db: Database, world: World, content: bytes) -> None:
    await build.enter(client, db, world.commune_officer)
    assert code(await bring(client, world.team, paper=content)) == (422, "paper_wrong_type")


async def test_a_paper_that_is_too_large_is_refused(client: httpx.AsyncClient, db: Database, world: World) -> None:
    await build.enter(client, db, world.commune_officer)
    large = b"%PDF-1.4" + bytes(MAX_PAPER_BYTES) + b"%%EOF"
    assert code(await bring(client, world.team, paper=large)) == (413, "file_too_large")
    gated = httpx.AsyncClient(transport=httpx.ASGITransport(Gate(client._transport.app)), base_url="http://x")  # type: ignore[attr-defined]
    answer = await gated.post(PATH, content=bytes(MAX_FORM_BYTES + 1))
    assert answer.status_code == 413


async def test_those_of_another_commune_neither_read_nor_name(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    await build.enter(client, db, world.commune_officer)
    first = (await bring(client, world.team, paper=pdf())).json()["id"]
    elsewhere = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    await build.enter(client, db, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    assert code(await client.get(f"{PATH}/{first}/file")) == (403, "forbidden")
    assert code(await bring(client, world.team)) == (403, "forbidden")
    assert code(await bring(client, world.team, decision=str(first))) == (403, "forbidden")
    for who, status in (
        (await build.account(db, world.commune, Role.COMMUNE_LEADER), 200),
        (world.province_officer, 200),
        (await build.account(db, world.province, Role.PARTNER), 403),
        (world.leader, 403),
    ):
        await build.enter(client, db, who)
        assert (await client.get(f"{PATH}/{first}/file")).status_code == status
        assert (await bring(client, world.team)).status_code == 403


async def test_papers_that_nothing_names_any_more_are_swept(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    await build.enter(client, db, world.commune_officer)
    await bring(client, world.team, paper=pdf())
    first = (await bring(client, world.team, number="46", paper=pdf("a"))).json()["id"]
    await bring(client, world.team, number="46", decision=str(first), paper=pdf("b"))
    async with db.read() as session:
        named = set((await session.execute(select(Decision.__table__.c.sha256))).scalars())
    await sweep_orphans(utc_now().replace(year=utc_now().year + 1))
    kept = {name async for names in photo_store().list_files(utc_now() + timedelta(days=1)) for name in names}
    assert kept == named


async def test_a_draft_is_laid_out_as_official_papers_are_and_the_same_each_time(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    await build.member(db, world.team, "A Thút", kind=SeatKind.POLICE, position="")
    await build.enter(client, db, world.commune_officer)
    answer = await client.get(f"{PATH}/draft")
    assert answer.status_code == 200, answer.text
    assert (await client.get(f"{PATH}/draft")).content == answer.content
    document: Any = Document(io.BytesIO(answer.content))
    heads = [cell.text for cell in document.tables[0].rows[0].cells]
    assert heads[0].split("\n")[0] == "ỦY BAN NHÂN DÂN"
    assert "SƠN TỊNH" in heads[0]
    assert "/QĐ-UBND" in heads[0]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in heads[1]
    assert "Độc lập - Tự do - Hạnh phúc" in heads[1]
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "QUYẾT ĐỊNH" in words
    assert "Điều 1. Thành lập 2 Tổ công nghệ số cộng đồng" in words
    assert "dự thảo" not in words.lower(), "that a program wrote it stands in the properties"
    assert document.core_properties.comments == "Bản dự thảo do hệ thống tạo"
    assert document.styles["Normal"].font.name == "Times New Roman"
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.left_margin.cm), round(section.right_margin.cm, 1)) == (
        21.0, 3, 1.5,
    )  # fmt: skip
    annex = document.tables[-1]
    assert "w:tblHeader" in annex.rows[0]._tr.xml
    rows = [[cell.text for cell in row.cells] for row in annex.rows]
    assert rows[0] == ["TT", "Họ và tên", "Chức danh", "Vai trò", "Ghi chú"]
    assert ["5", "Đinh Thị Lan", "", "Thành viên", ""] in rows
    assert [row[2] for row in rows if row[1] == "A Thút"] == ["Công an"]
    assert [row[0] for row in rows if row[1] == row[0]] == [f"I. {world.team.name}", f"II. {world.next_team.name}"]
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    await bring(client, world.team)
    less: Any = Document(io.BytesIO((await client.get(f"{PATH}/draft")).content))
    assert world.team.name not in [row.cells[0].text for row in less.tables[-1].rows], "it has its decision"
    await build.enter(client, db, world.province_officer)
    assert (await client.get(f"{PATH}/draft")).status_code == 403


async def test_a_draft_for_the_commune_itself(client: httpx.AsyncClient, db: Database, world: World) -> None:
    own = await build.team(db, world.commune)
    await build.member(db, own, "Y Hoa", SeatRole.LEADER)
    await build.enter(client, db, world.commune_officer)
    document: Any = Document(io.BytesIO((await client.get(f"{PATH}/draft?level=commune")).content))
    assert "Y Hoa" in [row.cells[1].text for row in document.tables[-1].rows]
    assert (await client.get(f"{PATH}/draft?level=province")).status_code == 422
