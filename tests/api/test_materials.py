"""Guiding papers over the wire: a PDF and nothing else, given back to those who may read it."""

from typing import Any

import httpx
import pytest

from fieldapp.db import Database
from fieldapp.jobs.decode_photos import sweep_orphans
from models.account import Role
from models.base import utc_now
from tests import build
from tests.api.test_decisions import code
from tests.build import World
from tests.papers_pdf import pdf
from tests.services.test_materials import abroad

PATH = "/api/v1/materials"


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def bring(client: httpx.AsyncClient, paper: bytes | None = None, **texts: str) -> httpx.Response:
    usual = {"kind": "paper", "title": "Hướng dẫn", "text": "Nội dung", "number": "", "issuer": "", "issued_on": ""}
    files = {"file": ("cv.pdf", paper, "application/pdf")} if paper is not None else {"none": ("", b"")}
    return await client.post(PATH, data=usual | texts, files=files)


async def test_a_paper_comes_back_to_the_people_of_its_commune_and_to_nobody_else(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    officer_abroad, member_abroad = await abroad(db, world)
    await build.enter(client, db, world.commune_officer)
    kept = (await bring(client, pdf())).json()
    assert (kept["kind"], kept["state"]) == ("paper", "approved")
    again = (await bring(client, title="Sửa", material=str(kept["id"]))).json()
    await sweep_orphans(utc_now())
    file = f"{PATH}/{again['id']}/file"
    for who, status in (
        (world.commune_officer, 200), (world.member, 200), (member_abroad, 404), (officer_abroad, 404),
        (world.province_officer, 404),
    ):  # fmt: skip
        await build.enter(client, db, who)
        read = await client.get(file)
        assert (read.status_code, read.content == pdf()) == (status, status == 200), who
    await build.enter(client, db, await build.account(db, world.province, Role.PARTNER, username="partner"))
    assert (await client.get(file)).status_code == 403


async def test_good_practice_that_waits_is_read_by_its_commune_and_the_province(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    officer_abroad, _ = await abroad(db, world)
    await build.enter(client, db, world.commune_officer)
    kept = (await bring(client, pdf(), kind="practice")).json()
    assert kept["state"] == "waiting"
    for who, status in (
        (world.province_officer, 200), (world.commune_officer, 200), (world.member, 404), (officer_abroad, 404),
    ):  # fmt: skip
        await build.enter(client, db, who)
        assert (await client.get(f"{PATH}/{kept['id']}/file")).status_code == status


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"paper": b"<html>"}, (422, "paper_wrong_type")), ({"title": " "}, (422, "invalid")),
        ({"kind": "law"}, (422, "invalid")), ({"text": "x" * 4001}, (422, "invalid")),
        ({"text": "Gọi 0905 123 456"}, (422, "note_identity")), ({"material": "999"}, (404, "not_found")),
        ({"issued_on": "hôm qua"}, (422, "invalid")), ({"title": "a\x00b"}, (422, "invalid")),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused(
    client: httpx.AsyncClient, db: Database, world: World, given: dict[str, Any], expected: tuple[int, str]
) -> None:
    await build.enter(client, db, world.province_officer)
    assert code(await bring(client, **given)) == expected
