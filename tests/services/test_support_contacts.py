"""Contacts and common groups: on the phones of those whom they are for, kept by the unit whose they are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import update

from fieldapp.db import Database
from fieldapp.domain.support_contact import MOST_CONTACTS, CommuneGroupForm, ContactForm, read_number
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.contacts import ContactsState
from fieldapp.problems import Problem
from fieldapp.services import support_contacts
from models.account import Account, Role
from models.support_contact import SupportContact
from models.unit import Region, Unit
from tests import build
from tests.build import World
from tests.pages.test_desk import enter
from tests.services.test_pull import Phone

TODAY = vn_day(datetime.now(UTC))
OFFICE = {"kind": "office", "name": "Phòng Văn hóa - Xã hội", "about": "Đầu mối", "phone": "0000 123 456"}
GROUP = {
    "name": "Chuyển đổi số", "link": "https://zalo.me/g/abcdef", "leaders": "3", "teams": "14", "companies": "2",
    "counted_on": TODAY.isoformat(),
}  # fmt: skip


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def keep(db: Database, who: Account, **given: Any) -> SupportContact:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await support_contacts.keep(session, principal, ContactForm.model_validate(OFFICE | given))


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("0255 3822 000", "02553822000"), ("+84 905.123-456", "0905123456"), ("1900 1234", "19001234"), ("113", "113"),
        ("12", None), ("abc", None), ("0905 123", None), ("٠٩٠٥١٢٣٤٥٦", None), ("905123456", None), ("", None),
    ],
)  # fmt: skip
def test_numbers_to_call_are_offices_mobiles_and_hotlines(text: str, digits: str | None) -> None:
    if digits is None:
        with pytest.raises(ValueError, match="phone_wrong"):
            read_number(text)
    else:
        assert read_number(text) == digits


async def test_a_phone_has_its_communes_contacts_and_the_provinces_for_its_part(db: Database, world: World) -> None:
    async with db.write() as session:
        here = update(Unit.__table__).where(Unit.__table__.c.id == world.commune.id)  # type: ignore[arg-type]
        await session.execute(here.values(region=str(Region.EAST)))
    own = await keep(db, world.commune_officer, region="west")
    for region in ("east", "west", ""):
        await keep(db, world.province_officer, name=f"Sở {region}", region=region)
    phone = await Phone(db, world.member).pull()
    names = [(row["name"], row["phone"], row["ours"]) for row in phone.last["contacts"]]
    assert names == [
        (OFFICE["name"], "0000123456", True), ("Sở", "0000123456", False), ("Sở east", "0000123456", False),
    ]  # fmt: skip
    await keep(db, world.commune_officer, contact=own.id, name="Văn phòng")
    assert (await phone.pull()).last["contacts"][0]["name"] == "Văn phòng"
    principal = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        await support_contacts.discard(session, principal, own.id or 0)
    assert len((await phone.pull()).last["contacts"]) == 2


async def test_the_common_group_is_said_anew_and_the_province_counts_them(db: Database, world: World) -> None:
    state = await enter(db, ContactsState, world.commune_officer)
    await state.keep_group(GROUP)
    assert (state.problem, state.done, state.group.teams) == ("", "group_kept", "14")
    await state.keep_group(GROUP | {"teams": "16"})
    told = (await Phone(db, world.member).pull()).last["commune_group"]
    assert (told["teams"], told["companies"], told["link"]) == (16, 2, GROUP["link"])
    province = await enter(db, ContactsState, world.province_officer)
    assert (province.grouped, province.communes) == (1, 1)
    await province.keep_group(GROUP)
    assert province.problem == "forbidden"
    for given in (
        {"link": "https://elsewhere.example/x"}, {"link": "https://zalo.me/0905123456"}, {"teams": "-1"}, {"teams": ""},
        {"name": ""}, {"counted_on": (TODAY + timedelta(days=1)).isoformat()},
    ):  # fmt: skip
        await state.keep_group(GROUP | given)
        assert state.problem in ("invalid", "made_in_future"), given


async def test_the_page_keeps_changes_and_takes_away(db: Database, world: World) -> None:
    state = await enter(db, ContactsState, world.commune_officer)
    await state.keep(OFFICE | {"zalo": "on"})
    assert (state.problem, state.done, state.lines[0].zalo) == ("", "kept", True)
    await state.change(state.lines[0].id)
    assert state.changing.name == OFFICE["name"]
    await state.keep(OFFICE | {"contact": str(state.changing.id), "name": "Một cửa"})
    assert [(line.name, line.zalo) for line in state.lines] == [("Một cửa", False)]
    await state.keep(OFFICE | {"phone": "hỏi tôi"})
    assert (state.problem, len(state.lines)) == ("invalid", 1)
    await state.discard(state.lines[0].id)
    assert (state.done, state.lines) == ("discarded", [])


async def test_nobody_keeps_anothers_contacts_or_too_many(db: Database, world: World) -> None:
    far = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, far, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    own = await keep(db, world.commune_officer)
    for who, given in ((stranger, {"contact": own.id}), (world.province_officer, {"contact": own.id}), (head, {})):
        with pytest.raises(Problem, match="forbidden"):
            await keep(db, who, **given)
    with pytest.raises(ValidationError):
        CommuneGroupForm.model_validate(GROUP | {"leaders": 1000})
    for _ in range(MOST_CONTACTS - 1):
        await keep(db, world.commune_officer)
    with pytest.raises(Problem, match="contacts_full"):
        await keep(db, world.commune_officer)
