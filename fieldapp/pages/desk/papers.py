"""Văn bản: the lists of the unit as papers to sign and file, and the Word templates that they are filled into."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, desk_icon, icon_button
from fieldapp.components.choice import options
from fieldapp.components.desk_shell import UploadForm, desk_link, desk_page
from fieldapp.components.form import folded, hidden_field, said, side_panel
from fieldapp.components.words import t, tk, told
from fieldapp.device.store import some
from fieldapp.domain.docx_file import MAX_TEMPLATE_BYTES
from fieldapp.domain.target import Length
from fieldapp.pages.desk.papers_state import PapersState, TemplateView
from fieldapp.permissions import Action
from models.target import Measure

State = PapersState
PAPERS = (
    ("b4", Action.READ_REGISTER, True, False),
    ("b5", Action.READ_TARGET, True, True),
    ("b6", Action.READ_DIFFICULTY, False, True),
    ("b7", Action.READ_PAPER, False, False),
)
"""Each with who takes it, whether the province may ask for a commune's, and whether it is of the chosen days."""


def _may(action: Action) -> Any:
    return State.allowed.contains(str(action))


def _address(paper: str, file: str, of_commune: bool, of_days: bool) -> Any:
    address: Any = f"/api/v1/papers/{paper}.{file}?slot=desk"
    if of_days:
        address = address + "&first=" + State.first + "&last=" + State.last
    if paper == "b5":
        address = address + "&measure=" + State.measure
    if of_commune:
        address = address + rx.cond(State.commune != "", "&commune=" + State.commune, "")
    return address


def _paper(paper: str, action: Action, of_commune: bool, of_days: bool) -> rx.Component:
    def way(file: str) -> rx.Component:
        words = (t(f"papers.{file}"), rx.el.span(" ", t(f"papers.{paper}"), class_name="sr"))
        to = _address(paper, file, of_commune, of_days)
        return desk_link(
            desk_icon("download"), *words, to=to, reload_document=True, download=True, class_name="button compact"
        )

    about = t(f"papers.{paper}_about")
    if of_commune:
        about = rx.cond(State.wide & (State.commune == ""), t(f"papers.{paper}_of_province"), about)
    line = rx.el.li(
        rx.el.div(
            rx.el.p(t(f"papers.{paper}"), class_name="strong"),
            rx.el.p(about, class_name="soft small"),
            class_name="person stack tight",
        ),
        rx.el.div(*(way(file) for file in ("docx", "pdf", "xlsx")), class_name="row wrap"),
        class_name="seat",
    )
    return rx.cond(_may(action), line)


def _period() -> rx.Component:
    group: dict[str, Any] = {"class_name": "chips", "role": "group"}
    lengths = [
        chip(t(f"target.length.{one}"), State.length == str(one), State.choose_length(str(one))) for one in Length
    ]
    measures = [
        chip(t(f"target.measure.{one}"), State.measure == str(one), State.choose_measure(str(one))) for one in Measure
    ]
    commune = rx.el.label(
        rx.el.span(t("desk.commune")),
        rx.el.select(
            rx.el.option(t("papers.whole_province"), value="0"),
            options(State.communes),
            name="commune",
            value=rx.cond(State.commune == "", "0", State.commune),
            on_change=State.choose_commune,
        ),
        class_name="field",
    )
    return rx.el.section(
        rx.el.div(
            icon_button("chevron-left", t("papers.before"), on_click=State.move(-1)),
            rx.el.div(
                rx.el.h2(told("target.period", State.period_key, State.period_params)),
                rx.el.p(State.days, class_name="soft small"),
                class_name="grow",
                role="status",
            ),
            icon_button("chevron-right", t("papers.next"), on_click=State.move(1)),
            class_name="row",
        ),
        rx.el.div(
            rx.el.div(*lengths, aria_label=t("papers.length"), **group),
            rx.el.div(*measures, aria_label=t("papers.measure"), **group),
            class_name="row wrap",
        ),
        rx.cond(some(State.communes), commune),
        rx.el.p(t("papers.period_means"), class_name="soft small"),
        class_name="panel stack",
    )


def _template(line: TemplateView) -> rx.Component:
    name = tk("papers", line.paper)
    own = t("papers.own", name=line.name, at=line.at)
    whose = rx.el.p(rx.cond(line.name != "", own, t("papers.usual")), class_name="soft small")
    address = "/api/v1/papers/templates/" + line.paper + ".docx?slot=desk"
    spoken = rx.el.span(" ", name, class_name="sr")
    download = desk_link(
        desk_icon("download"), t("papers.take"), spoken, to=address, reload_document=True, download=True,
        class_name="button compact",
    )  # fmt: skip
    press: Any = State.open_template(line.paper)
    return rx.el.li(
        rx.el.div(rx.el.p(name, class_name="strong"), whose, class_name="person stack tight"),
        rx.el.div(download, button(t("papers.replace"), spoken, kind="compact", on_click=press), class_name="row wrap"),
        class_name="seat",
        key=line.paper,
    )


def _templates() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("papers.templates")),
        rx.el.p(t("papers.templates_mean"), class_name="soft small"),
        rx.el.ul(rx.foreach(State.templates, _template), class_name="bars"),
        class_name="panel stack",
    )


def _replace() -> rx.Component:
    """The panel: how it is done, the file, and the way back."""
    way_back = "/api/v1/papers/templates/" + State.open + ".docx?slot=desk&usual=true"
    usual = desk_link(
        desk_icon("download"), t("papers.take_usual"), to=way_back, reload_document=True, download=True,
        class_name="button compact",
    )  # fmt: skip
    steps = rx.el.ol(
        *(rx.el.li(rx.el.span(n, class_name="n"), rx.el.span(t(f"papers.step_{n}"))) for n in (1, 2, 3)),
        class_name="steps",
    )
    upload = UploadForm.create(
        hidden_field("kind", State.open),
        to="papers/templates",
        accept=".docx",
        choose=t("papers.choose"),
        submit=t("papers.keep"),
        most=MAX_TEMPLATE_BYTES,
        on_done=State.kept,
        key=State.drawn,
    )
    press: Any = State.forget(State.open)
    back = folded(
        t("papers.forget"),
        rx.el.p(t("papers.forget_means"), class_name="soft small"),
        button(t("papers.forget"), kind="compact danger", on_click=press),
    )
    return side_panel(
        tk("papers", State.open),
        State.close,
        rx.el.p(t("papers.replace_means"), class_name="soft small"),
        steps,
        rx.el.div(usual),
        upload,
        rx.cond(State.open_own, back),
    )


def papers_page() -> rx.Component:
    done = rx.match(State.done, *[(code, t(f"papers.said.{code}")) for code in ("kept", "forgotten")], "")
    lists = rx.el.section(
        rx.el.h2(t("papers.lists")),
        rx.el.ul(*(_paper(*one) for one in PAPERS), class_name="bars"),
        class_name="panel stack",
    )
    return desk_page(
        t("desk.papers"),
        said(done),
        _period(),
        lists,
        rx.cond(_may(Action.KEEP_TEMPLATE), _templates()),
        rx.cond(State.open != "", _replace()),
        current="papers",
    )
