"""What phones are given: all that is theirs, in pages of any size, whatever changes meanwhile, and nothing else."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.picture import Picture
from fieldapp.services import photos
from fieldapp.services.pull import EPOCH, pull
from fieldapp.services.scopes import raise_villages, village_key
from models.household import Household
from models.member import Member
from models.sync import ServerFact, Tombstone
from models.team import Seat, SeatRole
from models.visit import Photo, PhotoState
from tests import build, pictures
from tests.build import World

KINDS = ("households", "cards", "visits", "activities", "difficulties", "groups", "comments")
SEATS, HOUSEHOLDS, PHOTOS = Seat.__table__, Household.__table__, Photo.__table__
on_sqlite = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""For what no database decides."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


class Phone:
    """What a phone does with the pages of a pull, as `sync.js` does it."""

    def __init__(self, db: Database, who: Member) -> None:
        self.db, self.who, self.cursor = db, who, ""
        self.rows: dict[str, dict[Any, dict[str, Any]]] = {kind: {} for kind in KINDS}
        self.me: dict[str, Any] = {}
        self.platforms: list[dict[str, Any]] = []
        self.last: dict[str, Any] = {}

    async def page(self) -> bool:
        """Takes one page in and says whether another waits."""
        principal = await build.principal(self.db, self.who)
        async with self.db.read() as session:
            page = json.loads(json.dumps(await pull(session, principal, self.cursor)))
        if page["reset"] or not self.cursor:
            self.rows = {kind: {} for kind in KINDS}
        for kind in KINDS:
            for row in page.get(kind, []):
                if row.get("gone"):
                    self.rows[kind].pop(row["id"], None)
                else:
                    self.rows[kind][row["id"]] = row
        for tombstone in page.get("tombstones", []):
            row_id = int(tombstone["id"]) if tombstone["kind"] == "cards" else tombstone["id"]
            self.rows[tombstone["kind"]].pop(row_id, None)
        for key in page["left"]:
            village = int(key.split(":")[1])
            self.rows = {k: {i: r for i, r in rows.items() if r["village"] != village} for k, rows in self.rows.items()}
        self.me, self.platforms = page["me"], page.get("platforms", self.platforms)
        self.cursor, self.last = page["cursor"], page
        return page["more"]

    async def pull(self) -> "Phone":
        while await self.page():
            pass
        return self

    def numbers(self) -> set[str]:
        return {row["number"] for row in self.rows["households"].values()}


def set_page(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setenv("FIELDAPP_PULL_PAGE", str(rows))
    settings.cache_clear()


@pytest.fixture
async def changes(db: Database, world: World) -> AsyncIterator[AsyncIterator[None]]:
    """A day's worth of changes of every kind, one a step."""

    async def steps() -> AsyncIterator[None]:
        records = [build.visit(world.member, home) for home in world.households[:5]]
        await build.send(db, world.member, *records[:3])
        yield
        await build.send(db, world.leader, build.decision(world.leader, records[0]["id"]))
        yield
        await build.send(db, world.member, build.record("visit.withdraw", world.member, {"visit": records[1]["id"]}))
        yield
        await build.household(db, world.village, "99")
        yield
        card = await build.card(db, world.village)
        payload = {"household": str(world.households[6].id), "card": card.address}
        await build.send(db, world.member, build.record("card.bind", world.member, payload))
        yield
        await erase(db, world, world.households[11])
        yield
        await build.send(db, world.member, *records[3:])
        await build.send(db, world.leader, build.decision(world.leader, records[2]["id"], verdict="send_back"))
        yield
        await build.platform(db, "PAHT", 4)
        yield
        while True:
            yield

    going = steps()
    yield going
    await going.aclose()


async def erase(db: Database, world: World, household: Household) -> None:
    """Takes a household off the roster of its village, with a tombstone for the phones that have it."""
    async with db.write() as session:
        village_id = world.village.id or 0
        version = (await raise_villages(session, [village_id]))[village_id]
        await session.execute(delete(HOUSEHOLDS).where(HOUSEHOLDS.c.id == household.id))
        session.add(
            Tombstone(
                scope_key=village_key(village_id), scope_version=version, kind="households", row_id=str(household.id)
            )
        )


@pytest.mark.parametrize("rows", [1, 3])
async def test_pages_with_changes_between_them_end_as_one_pull_of_everything(
    db: Database, world: World, changes: AsyncIterator[None], monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    await build.card(db, world.village, world.households[0])
    set_page(monkeypatch, rows)
    slow = Phone(db, world.leader)
    for _ in range(9):
        await slow.page()
        assert sum(len(slow.last.get(kind, [])) for kind in (*KINDS, "tombstones")) <= rows
        await anext(changes)
    await slow.pull()
    set_page(monkeypatch, 500)
    at_once = await Phone(db, world.leader).pull()
    assert slow.rows == at_once.rows
    assert (slow.me, slow.platforms) == (at_once.me, at_once.platforms)
    assert len(at_once.rows["households"]) == 12
    assert str(world.households[11].id) not in at_once.rows["households"]
    assert {row["state"] for row in at_once.rows["visits"].values()} == {"approved", "withdrawn", "waiting", "returned"}


@on_sqlite
async def test_when_nothing_changed_nothing_comes(db: Database, world: World) -> None:
    phone = await Phone(db, world.member).pull()
    before = phone.cursor
    assert await phone.page() is False
    assert not [kind for kind in (*KINDS, "platforms", "tombstones") if phone.last.get(kind)]
    assert (phone.last["left"], phone.last["reset"], phone.cursor) == ([], False, before)


async def test_only_what_changed_comes(db: Database, world: World) -> None:
    phone = await Phone(db, world.member).pull()
    record = build.visit(world.second_member, world.households[3])
    await build.send(db, world.second_member, record)
    await phone.page()
    assert [row["id"] for row in phone.last["visits"]] == [record["id"]]
    assert [row["number"] for row in phone.last["households"]] == ["4"]
    assert phone.rows["households"][str(world.households[3].id)]["last"] is not None


async def test_everyone_who_sees_a_change_of_rungs_pulls_its_undoing_too(db: Database, world: World) -> None:
    phone = Phone(db, world.second_member)
    home = str(world.households[0].id)
    record = build.visit(world.member, world.households[0])
    await build.send(db, world.member, record)
    await phone.pull()
    assert phone.rows["households"][home]["rungs"]["VNEID"][0] == 2
    await build.send(db, world.member, build.record("visit.withdraw", world.member, {"visit": record["id"]}))
    await phone.pull()
    assert (phone.rows["households"][home]["rungs"], phone.rows["households"][home]["last"]) == ({}, None)


async def test_a_member_is_given_their_own_villages_and_no_other(db: Database, world: World) -> None:
    far = await build.household(db, world.next_village, "far")
    await build.card(db, world.next_village, far)
    await build.send(db, world.next_leader, build.visit(world.next_leader, far))
    phone = await Phone(db, world.member).pull()
    assert "far" not in phone.numbers()
    assert {row["village"] for kind in KINDS for row in phone.rows[kind].values()} == {world.village.id}
    assert [village["id"] for village in phone.me["villages"]] == [world.village.id]
    assert world.next_leader.id not in {person["id"] for person in phone.me["people"]}
    forged = json.loads(base64.urlsafe_b64decode(phone.cursor))
    forged["scopes"][village_key(world.next_village.id or 0)] = [0, 0, 0, ""]
    phone.cursor = base64.urlsafe_b64encode(json.dumps(forged).encode()).decode()
    await phone.pull()
    assert "far" not in phone.numbers()


async def test_a_village_that_was_left_goes_and_comes_back_whole(db: Database, world: World) -> None:
    far = await build.household(db, world.next_village, "far")
    async with db.write() as session:
        seat = Seat(team_id=world.next_team.id, member_id=world.member.id, role=SeatRole.MEMBER, valid_from=build.SINCE)
        session.add(seat)
    phone = await Phone(db, world.member).pull()
    assert phone.numbers() == {*(str(n) for n in range(1, 13)), "far"}
    yesterday = (datetime.now(UTC) + timedelta(hours=7)).date() - timedelta(days=1)
    await _end_seat(db, seat, yesterday)
    await phone.pull()
    assert phone.last["left"] == [village_key(world.next_village.id or 0)]
    assert "far" not in phone.numbers()
    await _end_seat(db, seat, None)
    await phone.pull()
    assert phone.rows["households"][str(far.id)]["number"] == "far"


async def _end_seat(db: Database, seat: Seat, valid_to: Any) -> None:
    async with db.write() as session:
        await session.execute(update(SEATS).where(SEATS.c.id == seat.id).values(valid_to=valid_to))


@on_sqlite
async def test_a_restored_server_is_pulled_from_nothing(db: Database, world: World) -> None:
    phone = await Phone(db, world.member).pull()
    await build.household(db, world.village, "lost by the restore")
    await phone.pull()
    async with db.write() as session:
        fact = await session.get_one(ServerFact, EPOCH)
        fact.value = "second-life"
        await session.execute(delete(HOUSEHOLDS).where(HOUSEHOLDS.c.number == "lost by the restore"))
    await phone.pull()
    assert phone.last["epoch"] == "second-life"
    assert phone.numbers() == {str(n) for n in range(1, 13)}


@pytest.mark.parametrize(
    "cursor",
    [
        "garbage",
        "e30=",
        base64.urlsafe_b64encode(b"[]").decode(),
        base64.urlsafe_b64encode(b'{"epoch":"first-life","scopes":{"village:1":["a",null,{},7]}}').decode(),
        base64.urlsafe_b64encode(b'{"epoch":"first-life","scopes":{"village:1":[0,9,0,"no id"]}}').decode(),
        base64.urlsafe_b64encode(b'{"epoch":"first-life","scopes":{"village:1":[0,9,-7,""]}}').decode(),
    ],
)
@on_sqlite
async def test_a_cursor_that_cannot_be_read_starts_from_nothing(db: Database, world: World, cursor: str) -> None:
    given = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)) if cursor != "garbage" else b""
    own = given.replace(b"village:1", village_key(world.village.id or 0).encode())
    phone = Phone(db, world.member)
    phone.cursor = base64.urlsafe_b64encode(own).decode() if given else cursor
    await phone.pull()
    assert phone.numbers() == {str(n) for n in range(1, 13)}


async def test_what_waits_comes_whatever_its_age_and_what_is_decided_for_two_months(db: Database, world: World) -> None:
    now = datetime.now(UTC)
    old, older, young = (build.millis(now - timedelta(days=days)) for days in (63, 64, 61))
    waiting = build.visit(world.member, world.households[0], made_at=old)
    decided = build.visit(world.member, world.households[1], made_at=older)
    recent = build.visit(world.member, world.households[2], made_at=young)
    await build.send(db, world.member, waiting, decided, recent)
    await build.send(db, world.leader, build.decision(world.leader, decided["id"], recent["id"]))
    phone = await Phone(db, world.member).pull()
    assert set(phone.rows["visits"]) == {waiting["id"], recent["id"]}


async def test_a_visit_is_never_too_old_to_be_sent_back(db: Database, world: World) -> None:
    old = build.visit(world.member, world.households[0], made_at=build.millis(datetime.now(UTC) - timedelta(days=90)))
    await build.send(db, world.member, old)
    phone = await Phone(db, world.member).pull()
    await build.send(db, world.leader, build.decision(world.leader, old["id"], verdict="send_back"))
    for its_own in (phone, Phone(db, world.member)):
        await its_own.pull()
        assert its_own.rows["visits"][old["id"]]["state"] == "returned"


async def test_a_phone_that_has_an_old_visit_learns_that_it_was_decided(db: Database, world: World) -> None:
    old = build.visit(world.member, world.households[0], made_at=build.millis(datetime.now(UTC) - timedelta(days=90)))
    await build.send(db, world.member, old)
    phone = await Phone(db, world.member).pull()
    await build.send(db, world.leader, build.decision(world.leader, old["id"]))
    await phone.pull()
    assert phone.rows["visits"][old["id"]]["state"] == "approved"


@on_sqlite
async def test_names_of_heads_stay_where_the_province_does_not_allow_them(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await Phone(db, world.member).pull()).rows["households"][str(world.households[0].id)]["head"]
    monkeypatch.setenv("FIELDAPP_HEAD_NAMES", "false")
    settings.cache_clear()
    phone = await Phone(db, world.member).pull()
    assert {row["head"] for row in phone.rows["households"].values()} == {None}


@on_sqlite
async def test_a_cards_code_never_leaves_the_paper(db: Database, world: World) -> None:
    card = await build.card(db, world.village, world.households[0])
    phone = await Phone(db, world.member).pull()
    assert phone.rows["cards"][card.id]["short"] == card.short_code
    assert card.code not in json.dumps(phone.rows)


@on_sqlite
async def test_small_pictures_come_to_those_who_may_see_them_while_they_wait(db: Database, world: World) -> None:
    photo = pictures.named(b"a picture")
    record = build.visit(world.member, world.households[0], photos=photo)
    await build.send(db, world.member, record)
    async with db.write() as session:
        await session.execute(update(PHOTOS).values(state=PhotoState.ACCEPTED))
        await photos.mark_ready(session, photo[0]["sha256"], Picture(64, 48, b"", b"small", None))

    async def thumbnail(who: Member) -> str | None:
        phone = await Phone(db, who).pull()
        return phone.rows["visits"][record["id"]]["photos"][0].get("thumbnail")

    shown = "data:image/jpeg;base64," + base64.b64encode(b"small").decode()
    people = (world.leader, world.deputy, world.member, world.second_member)
    assert [await thumbnail(who) for who in people] == [shown, shown, shown, None]
    await build.send(db, world.leader, build.decision(world.leader, record["id"]))
    assert await thumbnail(world.leader) is None


async def test_a_phone_knows_its_people_by_name_and_who_leads(db: Database, world: World) -> None:
    today = (datetime.now(UTC) + timedelta(hours=7)).date()
    await build.member(db, world.team, "Đã Nghỉ", valid_to=today - timedelta(days=1))
    await build.member(db, world.team, "Sắp Vào", valid_from=today + timedelta(days=1))
    await build.member(db, world.team, "Còn Một Ngày", valid_to=today)
    async with db.write() as session:
        helpers = Seat(team_id=world.team.id, member_id=world.leader.id, role=SeatRole.MEMBER, valid_from=build.SINCE)
        session.add(helpers)
    phone = await Phone(db, world.leader).pull()
    names = sorted(person["name"] for person in phone.me["people"])
    assert names == sorted(["Trần Văn Bình", "Lê Thị Hoa", "Đinh Thị Lan", "Phạm Quốc Việt", "Còn Một Ngày"])
    assert phone.me["villages"][0]["led"] is True
    assert (await Phone(db, world.member).pull()).me["villages"][0]["led"] is False
    assert "phone" not in json.dumps(phone.me)


@on_sqlite
async def test_a_visit_is_shown_with_its_whole_state(db: Database, world: World) -> None:
    record = build.visit(world.member, world.households[0], "VNEID", "DVC", note="hẹn lại", people=2)
    await build.send(db, world.member, record)
    row = (await Phone(db, world.leader).pull()).rows["visits"][record["id"]]
    assert (row["author_name"], row["people"], row["note"], row["flags"]) == ("Đinh Thị Lan", 2, "hẹn lại", ["no_scan"])
    assert [outcome["platform"] for outcome in row["outcomes"]] == ["VNEID", "DVC"]
    assert UUID(row["root"]) == UUID(record["id"])
    assert row["made_at"] == pytest.approx(record["made_at"], abs=5000)
