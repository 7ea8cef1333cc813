"""Nền tảng số: the province keeps the platforms that phones show, communes read which of them they have."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, desk_icon, empty
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import said
from fieldapp.components.words import local, number, t, told
from fieldapp.device.store import count, some
from fieldapp.domain.platform_form import Way
from fieldapp.pages.desk.platforms_panel import platform_panel
from fieldapp.pages.desk.platforms_state import PlatformsState
from fieldapp.pages.desk.platforms_view import PlatformView, arrow, keeps, pillar_panel, platform_words

__all__ = ["PlatformsState", "platforms_page"]


def _line(line: PlatformView) -> rx.Component:
    name = local(line.short_vi, line.short_en)
    change = button(
        desk_icon("pencil"),
        t("platforms.change"),
        rx.el.span(" ", name, class_name="sr"),
        kind="compact",
        on_click=PlatformsState.open_one(line.code),
    )
    deeds = rx.el.div(
        arrow(Way.UP, name, line.first, PlatformsState.move(line.code, str(Way.UP))),
        arrow(Way.DOWN, name, line.last, PlatformsState.move(line.code, str(Way.DOWN))),
        change,
        class_name="row",
    )
    return rx.el.li(platform_words(line), rx.cond(keeps(), deeds), class_name="seat", key=line.code)


def _retired(line: PlatformView) -> rx.Component:
    back = button(
        t("platforms.restore"),
        rx.el.span(" ", line.short_vi, class_name="sr"),
        kind="compact",
        on_click=PlatformsState.restore(line.code),
    )
    return rx.el.li(platform_words(line), rx.cond(keeps(), back), class_name="seat", key=line.code)


def _parts() -> rx.Component:
    def one(part: str, total: Any) -> rx.Component:
        words = t(f"platforms.part.{part}", n=number(total))
        return chip(words, PlatformsState.part == part, PlatformsState.choose_part(part))

    chips = one("used", PlatformsState.used), one("retired", count(PlatformsState.retired))
    return rx.el.div(*chips, class_name="chips", role="group", aria_label=t("platforms.parts"))


def platforms_page() -> rx.Component:
    add = button(desk_icon("plus"), t("platforms.new"), kind="primary compact", on_click=PlatformsState.open_new)
    done = told("platforms.said", PlatformsState.done, {"name": PlatformsState.done_name})
    retired = rx.el.section(
        rx.el.p(t("platforms.retired_mean"), class_name="soft"),
        rx.cond(
            some(PlatformsState.retired),
            rx.el.ul(rx.foreach(PlatformsState.retired, _retired), class_name="bars"),
            empty("inbox", t("platforms.none_retired")),
        ),
        class_name="panel stack",
    )
    used = rx.cond(
        some(PlatformsState.pillars),
        rx.el.div(rx.foreach(PlatformsState.pillars, lambda pillar: pillar_panel(pillar, _line)), class_name="panels"),
        empty("landmark", t("platforms.none")),
    )
    return desk_page(
        t("desk.platforms"),
        rx.el.p(rx.cond(PlatformsState.of_commune, t("platforms.read"), t("platforms.explain")), class_name="soft"),
        _parts(),
        said(rx.cond(PlatformsState.done != "", done, "")),
        rx.cond(PlatformsState.part == "used", used, retired),
        rx.cond(PlatformsState.panel != "", platform_panel()),
        current="platforms",
        tools=rx.cond(keeps(), add),
    )
