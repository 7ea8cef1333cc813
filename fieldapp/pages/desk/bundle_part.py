"""All papers of a period in one file: asked for, how far it is, taken away."""

import reflex as rx

from fieldapp.components.base import button, desk_icon, joined, pill
from fieldapp.components.desk_shell import desk_link
from fieldapp.components.words import number, t, tk
from fieldapp.device.store import some
from fieldapp.pages.desk.bundle_lines import BundleLine
from fieldapp.pages.desk.reports_state import ReportsState
from models.bundle import BundleFile

KINDS = {"waiting": "wait", "ready": "done", "failed": "need"}


def _line(line: BundleLine) -> rx.Component:
    name = rx.fragment(tk("reports.paper", line.file), " · ", t("reports.bundle_papers", n=number(line.count)))
    asked = rx.cond(
        line.by != "", t("reports.bundle_by", at=line.asked, by=line.by), t("reports.bundle_clock", at=line.asked)
    )
    going = rx.fragment(
        rx.el.progress(value=line.done, max=line.count, aria_label=t("reports.bundle_progress")),
        rx.el.p(t("reports.bundle_done", n=number(line.done), of=number(line.count)), class_name="soft small num"),
    )
    address = joined("/api/v1/bundles/", line.id) + "/file?slot=desk"
    words = rx.fragment(desk_icon("archive"), t("reports.bundle_take", size=line.size))
    taking = desk_link(words, to=address, reload_document=True, download=True, class_name="button compact primary")
    again = button(t("reports.bundle_again"), kind="compact", on_click=ReportsState.bundle(line.file))
    return rx.el.li(
        rx.el.div(
            rx.el.p(name, class_name="strong"),
            rx.el.p(asked, class_name="soft small"),
            rx.match(line.state, ("ready", taking), ("failed", again), going),
            class_name="person stack tight",
        ),
        rx.el.div(pill(tk("reports.bundle_state", line.state), rx.match(line.state, *KINDS.items(), ""))),
        class_name="seat",
        key=line.id,
    )


def bundle_part() -> rx.Component:
    state = ReportsState
    asking = [
        button(desk_icon("archive"), t(f"reports.bundle_{file}"), kind="compact", on_click=state.bundle(str(file)))
        for file in BundleFile
    ]
    look = button(desk_icon("history"), t("reports.bundle_look"), kind="compact", on_click=state.look)
    return rx.el.section(
        rx.el.h2(t("reports.bundle")),
        rx.el.p(t("reports.bundle_means"), class_name="soft small"),
        rx.el.div(*asking, rx.cond(state.bundling, look), class_name="row wrap"),
        rx.cond(some(state.bundles), rx.el.ul(rx.foreach(state.bundles, _line), class_name="bars")),
        class_name="panel stack",
    )
