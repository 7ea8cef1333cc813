"""The data that every database starts from."""

from sqlalchemy import func, select, update

from fieldapp.db import Database
from fieldapp.services.pull import EPOCH
from fieldapp.services.reference import load_platforms, load_reference, platform_catalogue, present_codes_by_old_name
from fieldapp.services.scopes import PROVINCE, versions_of
from models.platform import Platform, PlatformStep
from models.sync import ServerFact
from models.unit import Region, Unit, UnitKind


async def test_a_new_database_knows_the_province_and_nothing_of_it_is_sample(db: Database) -> None:
    async with db.write() as session:
        await load_reference(session)
    async with db.read() as session:
        units = (await session.execute(select(Unit))).scalars().all()
        assert await session.get(ServerFact, EPOCH) is not None
    province = next(u for u in units if u.kind == UnitKind.PROVINCE)
    communes = [u for u in units if u.kind == UnitKind.COMMUNE]
    assert len(communes) == 96
    assert {u.parent_id for u in communes} == {province.id}
    assert [sum(u.region == region for u in communes) for region in Region] == [56, 40]
    assert not any(u.is_sample for u in units)
    assert {u.name for u in communes if u.key == "xa son ha"} == {"Xã Sơn Hà", "Xã Sơn Hạ"}
    assert {u.name for u in communes if u.key == "xa ba to"} == {"Xã Ba Tơ", "Xã Ba Tô"}


async def test_loading_again_keeps_what_the_province_has_changed(db: Database) -> None:
    async with db.write() as session:
        await load_reference(session)
        await session.execute(update(Platform).where(Platform.code == "PAHT").values(short_vi="Quảng Ngãi S"))
    async with db.write() as session:
        await load_reference(session)
        assert await load_platforms(session) == 0
    async with db.read() as session:
        paht = await session.get_one(Platform, "PAHT")
        assert paht.short_vi == "Quảng Ngãi S"
        assert (await session.execute(select(func.count()).select_from(Unit))).scalar_one() == 97
        assert await versions_of(session, [PROVINCE]) == {PROVINCE: 1}


async def test_the_shop_ends_with_the_promise_of_quality(db: Database) -> None:
    async with db.write() as session:
        await load_platforms(session)
    async with db.read() as session:
        query = select(PlatformStep.code).where(PlatformStep.platform_code == "GHS").order_by(PlatformStep.position)
        assert (await session.execute(query)).scalars().all()[-1] == "commitment"


def test_every_short_name_fits_a_tile() -> None:
    names = [p[key] for p in platform_catalogue() for key in ("short_vi", "short_en")]
    assert len(names) == 32
    assert max(map(len, names)) <= 14


def test_an_old_commune_leads_to_the_present_ones() -> None:
    codes = present_codes_by_old_name()
    assert codes["tinh an dong"] == codes["xa tinh an dong"] == ("21172",)
    assert len(codes["xa tra bui"]) == 2
