"""Fills an empty database with sample data that looks like the province: for demonstrations, tests and load."""

from contextlib import nullcontext
from datetime import date
from random import Random

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.cli.sample.accounts import (
    ADMINISTRATOR,
    NEWCOMER,
    PARTNER,
    PARTNER_NAME,
    PROVINCE_OFFICER,
    SAMPLE_PASSWORD,
    account_row,
)
from fieldapp.cli.sample.calendar import Window, window
from fieldapp.cli.sample.filling import (
    Commune,
    house_commune,
    people_commune,
    store_history,
    store_targets,
    store_village_work,
)
from fieldapp.cli.sample.names import NameSource
from fieldapp.cli.sample.partners import add_partners
from fieldapp.cli.sample.pictures import Picture, draw_pictures, share_out
from fieldapp.cli.sample.platforms import store_platforms
from fieldapp.cli.sample.reading import Library, store_library, store_province_announcements, store_reading
from fieldapp.cli.sample.reports import store_reports
from fieldapp.cli.sample.sizes import SEED, Profile, get_size, read_profiles, visits_by_commune
from fieldapp.cli.sample.trail import plan_trail
from fieldapp.cli.sample.training import store_province_classes
from fieldapp.db import database
from fieldapp.domain.vn_time import vn_day
from fieldapp.i18n import text
from fieldapp.integrations.photo_store import photo_store
from fieldapp.services import samples
from fieldapp.services.accounts import create_account
from fieldapp.services.reference import PROVINCE_CODE, load_reference
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.unit import UnitKind


async def seed(size: str, progress: bool = True, today: date | None = None) -> None:
    """Sample data of this size (`xs`, `m`, `l`), the last visits made just now, or in the evening of `today`.

    Raises `sample_refused` unless the database has no units, `invalid` for another size. Commits after each
    commune: what a run that was cut short leaves behind is to be thrown away.
    """
    plan = get_size(size)
    profiles = read_profiles(plan)
    visits = visits_by_commune(plan, profiles)
    days = window(plan.days, today)
    async with database().write() as session:
        like, communes = await _begin(session, profiles[0], vn_day(days.moment))
        await store_province_announcements(session, like, days.moment)
        library = await store_library(session, like, [communes[profile.code][0] for profile in profiles], days.moment)
    pictures = draw_pictures(plan.pictures, Random(f"{SEED} pictures"))
    for picture in pictures:
        await photo_store().replace(picture.sha256, picture.content)
    shares = share_out(pictures, list(visits))
    with _bar(len(profiles)) if progress else nullcontext() as bar:
        for profile in profiles:
            unit_id, name = communes[profile.code]
            if bar:
                bar.update(bar.task_ids[0], description=name)
            await _fill(
                Commune.begin(profile, unit_id, name, plan, days), like, visits.get(profile.code), shares, library
            )
            if bar:
                bar.advance(bar.task_ids[0])
    async with database().write() as session:
        companies = await add_partners(session, [communes[profile.code][0] for profile in profiles], days.moment)
        await _add_accounts(session, like, profiles[0], days, companies)
        ids = [communes[profile.code][0] for profile in profiles]
        await store_reports(session, ids, like.unit_id, days.moment)


async def _fill(
    commune: Commune, like: Account, visits: int | None, pictures: dict[str, list[Picture]], library: Library
) -> None:
    async with database().write() as session:
        counts, crews, officer_id = await people_commune(session, commune, like)
        await store_targets(session, commune, counts, crews, officer_id, library.letter)
        await store_reading(session, commune, crews, officer_id, library.courses)
        if visits is None:
            return
        stages = await house_commune(session, commune, counts, crews, officer_id)
        await store_history(session, commune, stages, visits, pictures[commune.profile.code])
        await store_village_work(session, commune, stages, officer_id)


async def _begin(session: AsyncSession, first: Profile, today: date) -> tuple[Account, dict[str, tuple[int, str]]]:
    """The reference data and the province's accounts; gives one of these, and id and name of communes by code."""
    await samples.require_empty(session)
    await load_reference(session, sample=True)
    await samples.mark(session)
    province = (await samples.units_by_code(session, UnitKind.PROVINCE))[PROVINCE_CODE]
    names = NameSource(first, Random(f"{SEED} province"))
    like = await create_account(
        session, PROVINCE_OFFICER, SAMPLE_PASSWORD, names.draw(), Role.PROVINCE_OFFICER, province[0], sample=True
    )
    administrator = account_row(like, ADMINISTRATOR, names.draw(), Role.ADMIN, province[0])
    await samples.insert_rows(session, Account.__table__, [administrator])
    communes = await samples.units_by_code(session, UnitKind.COMMUNE)
    await store_platforms(session, communes)
    await store_province_classes(session, like.id or 0, today)
    return like, communes


async def _add_accounts(
    session: AsyncSession, like: Account, first: Profile, days: Window, companies: list[int]
) -> None:
    """A partner's account and one whose owner has set no password yet; and what the province's officers did."""
    rng = Random(f"{SEED} trail")
    partner, fresh = (
        account_row(like, PARTNER, PARTNER_NAME, Role.PARTNER, like.unit_id),
        account_row(like, NEWCOMER, NameSource(first, rng).draw(), Role.PROVINCE_OFFICER, like.unit_id),
    )
    fresh |= {"password_hash": "", "partner_id": None}
    await samples.insert_rows(session, Account.__table__, [partner | {"partner_id": companies[0]}, fresh])
    officers = [(like.id or 0, Role.PROVINCE_OFFICER), ((like.id or 0) + 1, Role.ADMIN)]
    trail = plan_trail(rng, officers, like.unit_id, days.moment)
    await samples.insert_rows(session, AuditEvent.__table__, trail)


def _bar(communes: int) -> Progress:
    """One step a commune, named beside it."""
    title = TextColumn(text("cli.seed.progress"))
    bar = Progress(title, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    bar.add_task("", total=communes)
    return bar
