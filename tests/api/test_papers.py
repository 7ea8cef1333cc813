"""Official papers over the wire: whose they are, what they say, in whose template; and templates that are brought."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.target import Length, period
from fieldapp.domain.vn_time import vn_day
from fieldapp.jobs.decode_photos import sweep_orphans
from fieldapp.reports.paper_templates import default_template
from models.account import Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.member import Member
from models.paper_template import PaperKind
from models.unit import Unit
from tests import build
from tests.api.test_decisions import code
from tests.build import World
from tests.paper_reader import docx_tables, docx_words, pdf_pages, xlsx_rows
from tests.reports.test_paper_templates import saying
from tests.services.test_materials import abroad
from tests.services.test_targets import give

PATH = "/api/v1/papers"
TODAY = vn_day(utc_now())
QUARTER = period(Length.QUARTER, TODAY)
OF_QUARTER = {"first": QUARTER.first.isoformat(), "last": QUARTER.last.isoformat()}
ONE = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
PHONE = "0900777123"
EXPORTED = AuditEvent.__table__.c.action == "export.paper"


@pytest.fixture
async def world(db: Database) -> World:
    """A commune with a group that covers 30 of 40 households, a target, a difficulty, and a member with a number."""
    world = await build.world(db)
    async with db.write() as session:
        (await session.get_one(Unit, world.village.id)).households_declared = 40
        (await session.get_one(Member, world.member.id)).phone = PHONE
    await give(db, world)
    village = {"village": world.village.id}
    group = {"name": "Nhóm thôn", "link": "https://zalo.me/g/abc", "manager": "team_leader", "households": 30}
    trouble = {"kind": "signal", "severity": "high", "description": "Mất sóng ở cuối thôn"}
    counted = {"counted_on": TODAY.isoformat()}
    records = [
        build.record("group.update", world.leader, village | group | counted),
        build.record("difficulty.create", world.leader, village | trouble),
    ]
    assert [row["result"] for row in await build.send(db, world.leader, *records)] == ["created"] * 2
    return world


async def take(client: httpx.AsyncClient, name: str, **params: Any) -> bytes:
    answer = await client.get(f"{PATH}/{name}", params=params)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


async def bring(client: httpx.AsyncClient, kind: str, file: bytes) -> httpx.Response:
    return await client.post(f"{PATH}/templates", data={"kind": kind}, files={"file": ("Mẫu xã.docx", file, "x")})


async def test_a_commune_takes_its_lists_in_every_kind_of_file(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    await build.enter(client, db, world.commune_officer)
    expected = {
        "b4": (["1", world.team.name, "Thôn, tổ dân phố", world.village.name], {}),
        "b5": (["1", "VNEID", world.team.name, "120", "0", "0,0", ""], OF_QUARTER | {"measure": "household"}),
        "b6": (["1", world.village.name, "Sóng, mạng", "Cao", "Mất sóng ở cuối thôn"], OF_QUARTER),
        "b7": (["1", world.village.name, "Nhóm thôn", "Tổ trưởng Tổ CNSCĐ"], {}),
    }
    for kind, (first, params) in expected.items():
        [rows] = docx_tables(await take(client, f"{kind}.docx", **params))
        assert rows[1][: len(first)] == first, kind
        assert xlsx_rows(await take(client, f"{kind}.xlsx", **params), 0, "TT")[: len(rows)] == rows
        assert world.village.name in " ".join(" ".join(pdf_pages(await take(client, f"{kind}.pdf", **params))).split())
    [rows] = docx_tables(await take(client, "b7.docx"))
    assert [row[5:8] for row in rows[1:]] == [["40", "30", "75,0"], ["", "", ""], ["40", "30", "75,0"]]
    assert PHONE in docx_words(await take(client, "b4.docx"))
    async with db.read() as session:
        deeds = (await session.execute(select(AuditEvent.__table__.c.detail).where(EXPORTED))).scalars()
        assert {detail["paper"] for detail in deeds} == {"b4", "b5", "b6", "b7"}


@ONE
async def test_the_province_takes_numbers_by_commune_and_members_of_one_that_it_names(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    await build.enter(client, db, world.province_officer)
    [rows] = docx_tables(await take(client, "b4.docx"))
    assert rows[1][:4] == ["1", world.commune.name, "2", "2"]
    assert PHONE not in docx_words(await take(client, "b4.docx"))
    assert PHONE in docx_words(await take(client, "b4.docx", commune=world.commune.id))
    [rows] = docx_tables(await take(client, "b7.docx"))
    assert rows[1][1:] == [world.commune.name, "2", "1", "40", "30", "75,0"]
    assert rows[2][1:] == ["Tổng cộng", "2", "1", "40", "30", "75,0"]
    assert docx_tables(await take(client, "b6.docx", **OF_QUARTER))[0][1:] == []
    assert "SỞ KHOA HỌC VÀ CÔNG NGHỆ" in docx_words(await take(client, "b7.docx"))


@ONE
async def test_papers_are_for_those_who_may_read_what_they_say(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    officer_abroad, _ = await abroad(db, world)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    partner = await build.account(db, world.province, Role.PARTNER, username="partner")
    targets = OF_QUARTER | {"measure": "household"}
    for who, name, params in (
        (head, "b4.xlsx", {}), (world.leader, "b7.docx", {}), (world.leader, "b4.pdf", {}), (partner, "b7.pdf", {}),
        (officer_abroad, "b4.docx", {"commune": world.commune.id}),
        (officer_abroad, "b5.docx", targets | {"commune": world.commune.id}), (head, "templates/b4.docx", {}),
        (world.commune_officer, "templates/b3.docx", {}),
    ):  # fmt: skip
        await build.enter(client, db, who)
        assert code(await client.get(f"{PATH}/{name}", params=params)) == (403, "forbidden"), (who, name)
    await build.enter(client, db, world.commune_officer)
    odd = {"first": TODAY.isoformat(), "last": (TODAY + timedelta(days=1)).isoformat(), "measure": "household"}
    assert code(await client.get(f"{PATH}/b5.docx", params=odd)) == (422, "invalid")


@ONE
async def test_a_commune_prints_in_its_own_template_until_it_goes_back(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    officer_abroad, _ = await abroad(db, world)
    await build.enter(client, db, world.commune_officer)
    own = saying("TÊN MẪU RIÊNG", "{{ title }}", PaperKind.GROUPS)
    kept = await bring(client, "b7", own)
    assert kept.json() == {"kind": "b7", "name": "Mẫu xã.docx"}
    await sweep_orphans(utc_now())
    assert "TÊN MẪU RIÊNG" in docx_words(await take(client, "b7.docx"))
    assert await take(client, "templates/b7.docx") == own
    assert await take(client, "templates/b7.docx", usual=True) == default_template(PaperKind.GROUPS)
    assert code(await bring(client, "b3", own)) == (403, "forbidden")
    wrong = await bring(client, "b7", saying("{{ nobody }}", "{{ title }}", PaperKind.GROUPS))
    assert code(wrong) == (422, "template_word")
    assert "nobody" in wrong.json()["problem"]["params"]["word"]
    assert code(await bring(client, "b7", b"%PDF-1.7")) == (422, "template_wrong_type")
    assert "TÊN MẪU RIÊNG" in docx_words(await take(client, "b7.docx"))
    await build.enter(client, db, officer_abroad)
    assert "TÊN MẪU RIÊNG" not in docx_words(await take(client, "b7.docx"))
    assert await take(client, "templates/b7.docx") == default_template(PaperKind.GROUPS)
