"""Nền tảng số: the province keeps the platforms that phones show, communes read which of them they have."""

import reflex as rx

from fieldapp.components.kept_list import group_panel, kept_line, kept_page, retired_line
from fieldapp.components.words import tk
from fieldapp.pages.desk.platforms_panel import platform_panel
from fieldapp.pages.desk.platforms_state import PlatformsState
from fieldapp.pages.desk.platforms_view import PillarView, PlatformView, keeps, platform_words

__all__ = ["PlatformsState", "platforms_page"]


def _line(line: PlatformView) -> rx.Component:
    return kept_line("platforms", PlatformsState, platform_words(line), keeps(), line)


def _retired(line: PlatformView) -> rx.Component:
    return retired_line("platforms", platform_words(line), keeps(), line, PlatformsState.restore(line.code))


def _pillar(pillar: PillarView) -> rx.Component:
    return group_panel(tk("pillar", pillar.code), pillar.lines, _line, pillar.code)


def platforms_page() -> rx.Component:
    return kept_page(
        "platforms", PlatformsState, PlatformsState.pillars, _pillar, _retired, keeps(), platform_panel(), "landmark"
    )
