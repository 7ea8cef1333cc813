"""Printing cards over the API, and the page that anybody's camera opens."""

import re

import httpx
import pytest
from sqlalchemy import func, select

from fieldapp.api import cards as cards_api
from fieldapp.db import Database
from fieldapp.domain.card_code import card_address, make_code
from fieldapp.i18n import text
from fieldapp.problems import Problem
from fieldapp.services import cards
from models.account import Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.household import BatchKind, CardBatch, CardState, Household, HouseholdCard
from tests import build
from tests.build import World
from tests.papers import read_pdf

SHEETS = "/api/v1/cards/sheets"
PAGE_BYTES = 6000


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def desk(client: httpx.AsyncClient, db: Database, stage: World) -> httpx.AsyncClient:
    """The browser of the commune's officer."""
    return await build.enter(client, db, stage.commune_officer)


def known(stage: World) -> dict:
    return {"village": stage.village.id, "kind": "known"}


def anonymous(stage: World, size: int) -> dict:
    return {"village": stage.village.id, "kind": "anonymous", "size": size}


def printed_paths(pdf: bytes) -> list[str]:
    """The paths that the cards of a PDF open."""
    return ["/H/" + address.rpartition("/")[2] for page in read_pdf(pdf) for address in page.addresses]


async def count(db: Database, table: type) -> int:
    async with db.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_an_officer_prints_a_card_for_each_household_and_each_opens_its_page(
    desk: httpx.AsyncClient, stage: World
):
    answer = await desk.post(SHEETS, json=known(stage))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="[a-z0-9.-]+\.pdf"', answer.headers["content-disposition"])
    assert answer.headers["cache-control"] == "no-store"
    paths = printed_paths(answer.content)
    assert len(set(paths)) == len(stage.households)
    assert {(await desk.get(path)).status_code for path in paths} == {200}


async def test_anonymous_cards_wait_for_their_household(desk: httpx.AsyncClient, db: Database, stage: World):
    answer = await desk.post(SHEETS, json=anonymous(stage, 3))
    assert len(printed_paths(answer.content)) == 3
    async with db.read() as session:
        rows = (await session.execute(select(HouseholdCard))).scalars().all()
    assert [(row.state, row.household_id) for row in rows] == [(CardState.PRINTED, None)] * 3


async def test_a_reprint_ends_the_cards_that_it_replaces(desk: httpx.AsyncClient, db: Database, stage: World):
    lost = await build.card(db, stage.village, stage.households[0])
    waiting = await build.card(db, stage.village)
    assert (await desk.get(f"/h/{lost.code}")).status_code == 200
    await desk.post(SHEETS, json=known(stage))
    assert (await desk.get(f"/h/{lost.code}")).status_code == 404
    assert (await desk.get(f"/h/{waiting.code}")).status_code == 200


async def test_printing_leaves_a_trace_with_who_and_how_many(desk: httpx.AsyncClient, db: Database, stage: World):
    await desk.post(SHEETS, json=known(stage))
    async with db.read() as session:
        query = select(AuditEvent).where(AuditEvent.__table__.c.action == "card.print")
        (event,) = (await session.execute(query)).scalars()
    assert (event.account_id, event.unit_id) == (stage.commune_officer.id, stage.village.id)
    assert event.detail == {"size": len(stage.households), "batch": "known"}


async def test_names_are_left_off_where_the_province_does_not_want_them(
    desk: httpx.AsyncClient, stage: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FIELDAPP_HEAD_NAMES", "false")
    cards.settings.cache_clear()
    pages = read_pdf((await desk.post(SHEETS, json=known(stage))).content)
    assert not any("Nguyễn Văn" in page.words for page in pages)


@pytest.mark.parametrize("size", [-1, 0, 1001])
async def test_a_batch_has_1_to_1000_cards(desk: httpx.AsyncClient, db: Database, stage: World, size: int):
    answer = await desk.post(SHEETS, json=anonymous(stage, size))
    assert (answer.status_code, answer.json()["problem"]["field"]) == (422, "size")
    assert await count(db, CardBatch) == 0


async def test_a_village_without_households_has_nothing_to_print(desk: httpx.AsyncClient, stage: World):
    answer = await desk.post(SHEETS, json=known(stage) | {"village": stage.next_village.id})
    assert answer.json()["problem"] == {"code": "not_found", "field": "households"}


async def test_only_a_village_has_cards(desk: httpx.AsyncClient, stage: World):
    answer = await desk.post(SHEETS, json=anonymous(stage, 1) | {"village": stage.commune.id})
    assert (answer.status_code, answer.json()["problem"]["code"]) == (404, "not_found")


async def test_an_officer_of_another_commune_prints_nothing(client: httpx.AsyncClient, db: Database, stage: World):
    elsewhere = await build.commune(db, stage.province, code="21025", name="Phường Cẩm Thành")
    await build.enter(client, db, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    answer = await client.post(SHEETS, json=known(stage))
    assert (answer.status_code, answer.json()["problem"]["code"]) == (403, "forbidden")
    assert await count(db, CardBatch) == 0


async def test_a_team_leader_prints_nothing(client: httpx.AsyncClient, db: Database, stage: World):
    await build.enter(client, db, stage.leader)
    assert (await client.post(SHEETS, json=known(stage))).status_code == 403


async def test_nobody_prints_without_signing_in_or_from_a_foreign_page(
    client: httpx.AsyncClient, db: Database, stage: World
):
    assert (await client.post(SHEETS, json=known(stage))).status_code == 401
    await build.enter(client, db, stage.commune_officer)
    answer = await client.post(SHEETS, json=known(stage), headers={"Origin": "https://example.com"})
    assert answer.json()["problem"]["code"] == "wrong_origin"


async def test_when_the_paper_fails_no_card_is_issued_and_old_cards_stay(
    desk: httpx.AsyncClient, db: Database, stage: World, monkeypatch: pytest.MonkeyPatch
):
    old = await build.card(db, stage.village, stage.households[0])
    before = await count(db, CardBatch)

    def out_of_paper(*_: object, **__: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(cards_api, "card_sheet", out_of_paper)
    with pytest.raises(MemoryError):
        await desk.post(SHEETS, json=known(stage))
    assert await count(db, CardBatch) == before
    assert (await desk.get(f"/h/{old.code}")).status_code == 200


async def test_a_household_that_left_while_the_paper_was_made_undoes_the_printing(db: Database, stage: World):
    async with db.read() as session:
        printing = await cards.prepare(session, None, stage.village.id, BatchKind.KNOWN, 0)
    async with db.write() as session:
        (await session.get_one(Household, stage.households[3].id)).discarded_at = utc_now()
    with pytest.raises(Problem, match="household_unknown"):
        async with db.write() as session:
            await cards.issue(session, None, printing)
    assert await count(db, HouseholdCard) == 0


async def test_a_card_tells_which_team_helps_and_whom_to_call(client: httpx.AsyncClient, db: Database, stage: World):
    card = await build.card(db, stage.village, stage.households[0])
    page = await client.get(f"/h/{card.code}")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for words in (stage.village.name, stage.commune.name, stage.commune.contact, text("card_page.privacy")):
        assert words in page.text
    assert '<a href="tel:0255000000">' in page.text


async def test_a_card_tells_nothing_about_the_household(client: httpx.AsyncClient, db: Database, stage: World):
    home = await build.household(db, stage.village, "4711", head_name="Hồ Thị Kín")
    page = await client.get(f"/h/{(await build.card(db, stage.village, home)).code}")
    bare = await client.get(f"/h/{(await build.card(db, stage.village)).code}")
    assert page.text == bare.text
    assert "4711" not in page.text
    assert "Kín" not in page.text


async def test_every_way_to_write_the_address_opens_the_card(client: httpx.AsyncClient, db: Database, stage: World):
    code = (await build.card(db, stage.village)).code
    address = card_address("toso.example.vn", code)
    for path in (address.partition(".VN")[2], f"/h/{code}", f"/h/{code.lower()}", f"/H/{code.lower()}"):
        assert (await client.get(path)).status_code == 200
    assert (await client.head(f"/H/{code}")).status_code == 200


async def test_unknown_and_revoked_cards_are_told_kindly_and_alike(
    client: httpx.AsyncClient, db: Database, stage: World
):
    revoked = await build.card(db, stage.village, stage.households[0], state=CardState.REVOKED, revoked_at=utc_now())
    answers = [await client.get(f"/h/{code}") for code in (revoked.code, make_code(), "x", "%00", "A" * 3000)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert text("card_page.unknown") in answers[0].text
    assert stage.village.name not in answers[0].text


async def test_the_page_speaks_english_when_asked(client: httpx.AsyncClient, db: Database, stage: World):
    path = f"/h/{(await build.card(db, stage.village)).code}"
    vietnamese, english, unknown = [await client.get(path + query) for query in ("", "?lang=en", "?lang=xx")]
    assert 'lang="vi"' in vietnamese.text
    assert 'href="?lang=en"' in vietnamese.text
    assert text("card_page.privacy", "en") in english.text
    assert 'href="?lang=vi"' in english.text
    assert unknown.text == vietnamese.text


async def test_the_page_is_small_and_alone(client: httpx.AsyncClient, db: Database, stage: World):
    page = await client.get(f"/h/{(await build.card(db, stage.village)).code}")
    assert len(page.content) < PAGE_BYTES
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "private, max-age=300"
    assert not re.search(r"<script|https?://|src=|@import", page.text)


async def test_what_a_commune_wrote_is_shown_as_it_wrote_it(client: httpx.AsyncClient, db: Database, stage: World):
    contact = "<b>UBND</b> & 'tổ': 0255 3822.222 hoặc +84 912 345 678"
    other = await build.commune(db, stage.province, code="21028", name="Phường <i>Nghĩa Lộ", contact=contact)
    card = await build.card(db, await build.village(db, other, code="21028001"))
    page = await client.get(f"/h/{card.code}")
    assert "<b>UBND" not in page.text
    assert "<i>" not in page.text
    assert '&amp; &#x27;tổ&#x27;: <a href="tel:02553822222">0255 3822.222</a>' in page.text
    assert '<a href="tel:+84912345678">+84 912 345 678</a>' in page.text


async def test_a_commune_without_a_contact_still_says_where_to_go(
    client: httpx.AsyncClient, db: Database, stage: World
):
    other = await build.commune(db, stage.province, code="21028", name="Phường Nghĩa Lộ", contact=None)
    card = await build.card(db, await build.village(db, other, code="21028001"))
    assert text("card_page.no_contact") in (await client.get(f"/h/{card.code}")).text
