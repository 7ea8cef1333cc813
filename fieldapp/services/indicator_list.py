"""Indicators as the desk reads them: in order, each with its formula in words, and what a formula can be made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.indicator_words import Steps, formula_words
from fieldapp.i18n import LOCALES
from fieldapp.permissions import Action, Principal, require
from fieldapp.services.indicators import Counted, list_all
from models.platform import Platform, PlatformStep

PLATFORMS, STEPS = Platform.__table__, PlatformStep.__table__


@dataclass(frozen=True)
class IndicatorRow:
    """`words` says by locale what it counts."""

    counted: Counted
    first: date
    used: bool
    words: Mapping[str, str]


async def list_rows(session: AsyncSession, who: Principal) -> Sequence[IndicatorRow]:
    """Raises `forbidden`."""
    every = await list_all(session, who)
    platforms = (await session.execute(select(PLATFORMS))).all()
    steps = (await session.execute(select(STEPS).order_by(STEPS.c.platform_code, STEPS.c.position))).all()
    names, of_steps = {}, {}
    for locale in LOCALES:
        names[locale] = {row.code: getattr(row, f"short_{locale}") for row in platforms}
        of_steps[locale] = {(row.platform_code, row.code): getattr(row, f"name_{locale}") for row in steps}
    return [IndicatorRow(one, first, gone is None, _said(one, names, of_steps)) for one, first, gone in every]


def _said(one: Counted, names: Mapping[str, Mapping[str, str]], steps: Mapping[str, Steps]) -> dict[str, str]:
    words = {locale: formula_words(one.formula, names[locale], steps[locale], locale) for locale in LOCALES}
    return {locale: said[:1].upper() + said[1:] for locale, said in words.items()}


async def list_parts(session: AsyncSession, who: Principal) -> tuple[dict[str, str], dict[str, str]]:
    """By code the platforms, and the steps with those that have them. Raises `forbidden`."""
    require(who, Action.KEEP_INDICATOR)
    rows = await session.execute(select(PLATFORMS).order_by(PLATFORMS.c.position, PLATFORMS.c.code))
    platforms = {row.code: row.short_vi for row in rows}
    steps: dict[str, list[tuple[str, str]]] = {}
    for row in await session.execute(select(STEPS).order_by(STEPS.c.platform_code, STEPS.c.position)):
        steps.setdefault(row.code, []).append((platforms.get(row.platform_code, ""), row.name_vi))
    named = {code: f"{', '.join(platform for platform, _ in own)}: {own[0][1]}" for code, own in steps.items()}
    return platforms, named
