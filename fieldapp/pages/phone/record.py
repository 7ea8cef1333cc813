"""Ghi nhận: one screen, no wizard. A usual visit is a tile, a chip, Lưu."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, icon, icon_button, pill, sheet
from fieldapp.components.phone_shell import PhoneRoot, link, not_joined, notices, sync_pill
from fieldapp.components.visit_row import head_name, house_number
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import ChosenPlatform, Tile
from fieldapp.device.store import act, draft, me, page, place, placing
from fieldapp.pages.phone.doer import doer_line, doer_sheet
from fieldapp.pages.phone.door import door_sheet
from fieldapp.pages.phone.picture import camera_and_sheet, photo_strip

RESULTS = ("introduced", "installed", "independent", "come_back", "no_device", "declined", "absent")
MODES = ("home", "community_house", "phone")
BENEFICIARIES = ("person", "household", "business_household", "enterprise", "cooperative")
HOW_ICONS = {"scan": "badge-check", "still": "badge-check", "keypad": "keyboard"}


def _household() -> rx.Component:
    how = rx.match(draft.identified_by, *HOW_ICONS.items(), "users")
    verified = (draft.identified_by == "scan") | (draft.identified_by == "still")
    return rx.el.section(
        house_number(draft.household, big=True),
        rx.el.div(
            rx.el.h2(head_name(draft.household)),
            rx.el.span(
                icon(how), tk("identified", draft.identified_by), class_name=rx.cond(verified, "pill done", "pill wait")
            ),
            class_name="grow stack tight",
        ),
        rx.cond(draft.at_the_door, icon_button("pencil", t("door.correct"), on_click=act("correctDoor"))),
        class_name="card row",
    )


def _tile(tile: Tile) -> rx.Component:
    return rx.el.button(
        icon(tile.icon),
        tile.name,
        type="button",
        class_name="tile",
        on_click=act("togglePlatform", tile.code),
        custom_attrs={"aria-pressed": rx.cond(tile.chosen, "true", "false")},
        key=tile.code,
    )


def _last_time() -> rx.Component:
    """The way through a row of doors where the same is taught at each."""
    again = rx.el.div(
        button(icon("refresh-cw"), t("record.last_time"), kind="wide", on_click=act("asLastTime")),
        rx.el.p(draft.last_time, class_name="soft small"),
        class_name="stack tight",
    )
    return rx.cond(draft.last_time != "", again)


def _tiles() -> rx.Component:
    more = rx.el.button(
        icon("plus"), t("record.more"), type="button", class_name="tile", on_click=act("showAllPlatforms")
    )
    return rx.el.section(
        rx.el.h2(t("record.platforms")),
        rx.el.div(rx.foreach(draft.tiles.lines, _tile), rx.cond(draft.tiles.more, more), class_name="tiles"),
        class_name="stack",
    )


def _chosen(platform: ChosenPlatform) -> rx.Component:
    results = [chip(t(f"result.{r}"), platform.result == r, act("setResult", platform.code, r)) for r in RESULTS]
    steps = rx.foreach(
        platform.steps,
        lambda s: chip(
            rx.fragment(s.name, rx.cond(s.before, rx.el.span(t("record.step_before"), class_name="soft"))),
            s.done,
            act("toggleStep", platform.code, s.code),
            key=s.code,
        ),
    )
    come_back = rx.el.label(
        rx.el.span(t("record.come_back_on")),
        rx.el.input(
            type="date",
            name="come_back_on",
            value=platform.come_back_on,
            on_change=act("setComeBack", platform.code, value=True),
        ),
        class_name="field",
    )
    return rx.el.section(
        rx.el.div(
            icon(platform.icon),
            rx.el.h2(platform.name, class_name="grow"),
            rx.cond(platform.again, pill(t("visit.again"))),
            class_name="row",
        ),
        rx.el.div(*results, class_name="chips", role="group", aria_label=t("record.result_of", platform=platform.name)),
        rx.cond(platform.result == "come_back", come_back),
        rx.cond(
            platform.has_steps,
            rx.fragment(rx.el.p(t("record.steps"), class_name="small strong"), rx.el.div(steps, class_name="chips")),
        ),
        rx.cond(platform.uncommitted, rx.el.p(t("record.uncommitted"), class_name="soft small")),
        class_name="card stack",
        key=platform.code,
    )


def _people() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("record.people"), class_name="grow"),
            rx.el.div(
                icon_button("minus", t("record.fewer"), on_click=act("addPeople", -1)),
                rx.el.output(draft.people, aria_label=t("record.people")),
                icon_button("plus", t("record.more_people"), on_click=act("addPeople", 1)),
                class_name="stepper",
            ),
            class_name="row",
        ),
        class_name="card",
    )


def _choice(title: Any, prefix: str, codes: tuple[str, ...], chosen: Any, action: str) -> rx.Component:
    chips = [chip(t(f"{prefix}.{code}"), chosen == code, act(action, code)) for code in codes]
    return rx.el.section(
        rx.el.h2(title), rx.el.div(*chips, class_name="chips", role="group", aria_label=title), class_name="card stack"
    )


def _note() -> rx.Component:
    return rx.el.section(
        rx.el.label(
            rx.el.span(t("record.note")),
            rx.el.textarea(
                name="note", value=draft.note, on_change=act("setNote", value=True), max_length=300, rows="2"
            ),
            class_name="field",
        ),
        rx.cond(draft.missing == "note_identity", rx.el.p(t("record.note_identity"), class_name="error", role="alert")),
        class_name="card stack",
    )


def _place() -> rx.Component:
    """Where the commune asks for it: one coarse reading, by a tap of its own."""
    given = rx.fragment(
        rx.el.p(icon("map-pin"), t("place.given"), class_name="row"),
        button(icon("x"), t("place.drop"), kind="compact", on_click=placing.act("dropPlace")),
    )
    words = rx.cond(place.reads, t("place.reads"), t("place.give"))
    give = button(icon("map-pin"), words, kind="wide", on_click=placing.act("givePlace"))
    shown = rx.el.section(
        rx.el.h2(t("place.title")),
        rx.cond(place.given, given, give),
        rx.el.p(t("place.why"), class_name="soft small"),
        class_name="card stack",
    )
    return rx.cond(place.asked, shown)


def _save_bar() -> rx.Component:
    words = rx.cond(draft.mending, t("record.save_mended"), t("record.save"))
    return rx.el.div(
        rx.el.div(
            icon_button("trash-2", t("record.drop"), on_click=act("dropDraft")),
            button(
                icon("check"),
                words,
                kind="primary grow",
                on_click=act("saveVisit"),
                custom_attrs={"data-ready": rx.cond(draft.missing != "", "false", "true")},
            ),
        ),
        class_name="save-bar",
    )


def _form() -> rx.Component:
    return rx.fragment(
        _household(),
        _last_time(),
        doer_line(),
        _tiles(),
        rx.foreach(draft.tiles.chosen, _chosen),
        _people(),
        _choice(t("record.mode"), "mode", MODES, draft.mode, "setMode"),
        _choice(t("record.beneficiary"), "beneficiary", BENEFICIARIES, draft.beneficiary, "setBeneficiary"),
        photo_strip(draft.pictures, draft.missing == "face_open"),
        _note(),
        _place(),
        _save_bar(),
    )


def _draft_first() -> rx.Component:
    """An unfinished visit comes before the next one: it is finished or dropped, never overwritten."""
    return sheet(
        page.sheet == "draft_first",
        t("today.draft_first", number=draft.household.number),
        act("goOnWithDraft"),
        button(icon("pencil"), t("today.go_on"), kind="primary wide", on_click=act("goOnWithDraft")),
        button(icon("trash-2"), t("today.drop_and_begin"), kind="wide danger", on_click=act("dropAndBegin")),
    )


def _nobody() -> rx.Component:
    return rx.el.section(
        rx.el.p(t("record.no_household")),
        link(icon("scan-line"), t("today.scan"), to="/m/scan/", class_name="button primary wide"),
        link(icon("users"), t("today.pick"), to="/m/households/", class_name="button wide"),
        class_name="card stack",
    )


def record_page() -> rx.Component:
    return rx.el.div(
        PhoneRoot.create(),
        rx.el.header(
            link(icon("chevron-left"), to="/m/", class_name="icon-button", aria_label=t("back")),
            rx.el.h1(t("record.title")),
            sync_pill(compact=True),
        ),
        rx.el.main(rx.cond(draft.id != "", _form(), rx.cond(draft.ready, rx.cond(me.joined, _nobody(), not_joined())))),
        camera_and_sheet(),
        _draft_first(),
        door_sheet(),
        doer_sheet(),
        notices(),
        class_name="phone",
    )
