"""Sự cố dữ liệu: a breach of personal data, its 72 hours, whom it touches, what was done, and the sessions to end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx
from reflex.vars import Var

from fieldapp.components.base import button, empty, pill
from fieldapp.components.choice import options
from fieldapp.components.desk_shell import desk_link, desk_page
from fieldapp.components.form import area_field, field, folded, form, hidden_field, number_field, said, text_field
from fieldapp.components.words import locale, number, t
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.given import Key
from fieldapp.domain.incident import MAX_WORDS, clock
from fieldapp.domain.vn_time import VIETNAM, vn_day
from fieldapp.domain.written_time import written_instant
from fieldapp.permissions import Action, Principal, Reach, reach_of
from fieldapp.reports.incident_list import list_incidents
from fieldapp.reports.unit_tree import get_own_unit, list_below
from fieldapp.services import incidents
from fieldapp.services.incidents import IncidentForm, Step
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.session import SessionState
from models.unit import UnitKind


@dataclass
class IncidentView:
    """Counts are texts: nothing is not zero. `hours` are left, or with `late` gone by; none once it was reported."""

    id: int = 0
    unit: str = ""
    of_commune: bool = False
    found: str = ""
    found_at: str = ""
    due: str = ""
    hours: int = 0
    late: bool = False
    what: str = ""
    households: str = ""
    members: str = ""
    photos: str = ""
    done: str = ""
    by: str = ""
    sessions: int = 0
    reported: str = ""
    closed: str = ""


class IncidentsState(DeskState):
    lines: rx.Field[list[IncidentView]] = rx.field(default_factory=list)
    communes: rx.Field[list[Option]] = rx.field(default_factory=list)
    now: str = ""
    saved: bool = False
    ended: int = -1
    drawn: int = 0
    """Changes when the form of a new incident is to be folded up again."""

    @needs(Action.KEEP_INCIDENT)
    async def load(self, who: Principal) -> None:
        self.saved, self.ended = False, -1
        await self._show(who)

    @needs(Action.KEEP_INCIDENT)
    async def save(self, who: Principal, given: IncidentForm) -> None:
        self.saved, self.ended = False, -1
        async with database().write() as db:
            await incidents.save(db, who, given)
        self.drawn += 1
        self.saved = True
        await self._show(who)

    @needs(Action.KEEP_INCIDENT)
    async def mark(self, who: Principal, incident: Key, step: Step) -> None:
        self.saved, self.ended = False, -1
        async with database().write() as db:
            await incidents.mark(db, who, incident, step)
        self.saved = True
        await self._show(who)

    @needs(Action.KEEP_INCIDENT)
    async def end_sessions(self, who: Principal, incident: Key, state: SessionState) -> None:
        self.saved, self.ended = False, -1
        async with database().write() as db:
            ended = await incidents.end_sessions(db, who, incident, state)
        self.ended = ended
        await self._show(who)

    async def _show(self, who: Principal) -> None:
        now = utc_now()
        today = vn_day(now)
        self.now = f"{now.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
        async with database().read() as db:
            rows = await list_incidents(db, who)
            if reach_of(who, Action.KEEP_INCIDENT) is Reach.PROVINCE:
                province = await get_own_unit(db, who, Action.KEEP_INCIDENT)
                found = await list_below(db, province, DayRange(today, today))
                self.communes = [Option(str(unit.id), unit.name) for unit in found]
        self.lines = [_view(row, now) for row in rows]


def _view(row: Any, now: datetime) -> IncidentView:
    told = clock(row.found_at, row.reported_at, now)
    counts = {name: "" if (n := getattr(row, name)) is None else str(n) for name in ("households", "members", "photos")}
    return IncidentView(
        id=row.id,
        unit=row.unit,
        of_commune=row.unit_kind == UnitKind.COMMUNE,
        found=written_instant(row.found_at),
        found_at=f"{row.found_at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}",
        due=written_instant(told.due_at),
        hours=told.hours,
        late=told.late,
        what=row.what,
        done=row.done,
        by=row.by,
        sessions=row.sessions_ended,
        reported=written_instant(row.reported_at),
        closed=written_instant(row.closed_at),
        **counts,
    )


def _fields(one: IncidentView | None = None) -> list[rx.Component]:
    """The form's fields, empty or as they are known by now."""

    def known(name: str) -> dict[str, Any]:
        return {} if one is None else {"default_value": getattr(one, name)}

    found = {"default_value": IncidentsState.now if one is None else one.found_at}
    counts = [number_field(n, t(f"incident.{n}"), **known(n)) for n in ("households", "members", "photos")]
    return [
        text_field("found_at", t("incident.found"), t("incident.found_hint"), type="datetime-local", **found),
        area_field("what", t("incident.what"), t("incident.what_hint"), required=True, max_length=MAX_WORDS,
                   **known("what")),
        rx.el.div(*counts, class_name="facts"),
        area_field("done", t("incident.done"), max_length=MAX_WORDS, **known("done")),
    ]  # fmt: skip


def _new() -> rx.Component:
    where = rx.el.select(
        rx.el.option(t("incident.whole_province"), value=""), options(IncidentsState.communes), name="commune"
    )
    return rx.el.details(
        rx.el.summary(rx.el.h2(t("incident.new"))),
        form(
            rx.cond(some(IncidentsState.communes), field(t("incident.where"), where)),
            *_fields(),
            send=t("incident.save"),
            on_submit=IncidentsState.save,
        ),
        class_name="panel team",
        key=IncidentsState.drawn,
    )


def _clock(one: IncidentView) -> rx.Component:
    late = pill(t("incident.late", n=number(one.hours)), "need", "triangle-alert")
    left = pill(t("incident.left", n=number(one.hours)), "wait", "clock")
    in_time = pill(t("incident.reported_at", at=one.reported), "done", "check")
    too_late = pill(t("incident.reported_late", at=one.reported), "need", "triangle-alert")
    running = rx.cond(one.late, late, left)
    return rx.fragment(rx.cond(one.reported != "", rx.cond(one.late, too_late, in_time), running))


def _endings(one: IncidentView) -> rx.Component:
    def way(name: str, state: SessionState, kind: str) -> rx.Component:
        press = button(t(f"incident.{name}"), kind=kind, on_click=IncidentsState.end_sessions(one.id, str(state)))
        return rx.fragment(press, rx.el.p(t(f"incident.{name}_means"), class_name="soft small"))

    return folded(
        t("incident.end"),
        way("end_closing", SessionState.CLOSING, "compact"),
        way("end_closed", SessionState.CLOSED, "compact danger"),
    )


def _fact(name: str, value: Any) -> rx.Component:
    shown = rx.cond(value != "", value, t("incident.unknown"))
    return rx.el.div(rx.el.dt(t(f"incident.{name}"), class_name="soft small"), rx.el.dd(shown, class_name="strong"))


def _incident(one: IncidentView) -> rx.Component:
    to = "/api/v1/exports/incident.xlsx?slot=desk&locale=" + locale() + "&incident=" + Var.create(one.id).to_string()
    edit = folded(
        t("incident.edit"),
        form(
            hidden_field("incident", one.id),
            *_fields(one),
            send=t("incident.save"),
            on_submit=IncidentsState.save,
            kind="compact primary",
            reset_on_submit=False,
        ),
    )
    steps = rx.el.div(
        rx.cond(
            one.reported == "",
            button(t("incident.report"), kind="compact primary",
                   on_click=IncidentsState.mark(one.id, str(Step.REPORTED))),
        ),
        button(t("incident.close"), kind="compact", on_click=IncidentsState.mark(one.id, str(Step.CLOSED))),
        class_name="row wrap",
    )  # fmt: skip
    download = desk_link(
        t("desk.download_xlsx"), to=to, reload_document=True, download=True, class_name="button compact"
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("incident.of", unit=one.unit), class_name="grow"),
            rx.cond(one.closed != "", pill(t("incident.closed_at", at=one.closed)), _clock(one)),
            class_name="row wrap",
        ),
        rx.el.p(one.what, class_name="note"),
        rx.el.dl(
            _fact("found", one.found),
            _fact("due", one.due),
            *(_fact(name, getattr(one, name)) for name in ("households", "members", "photos")),
            _fact("sessions", number(one.sessions)),
            class_name="facts",
        ),
        rx.cond(one.done != "", rx.fragment(rx.el.h3(t("incident.done")), rx.el.p(one.done, class_name="note"))),
        rx.cond(one.closed == "", rx.fragment(steps, edit, rx.cond(one.of_commune, _endings(one)))),
        rx.el.div(download, class_name="row"),
        class_name="panel stack",
        key=one.id,
    )


def incidents_page() -> rx.Component:
    state = IncidentsState
    ended = rx.cond(state.ended >= 0, t("incident.ended", n=number(state.ended)), "")
    steps = [rx.el.li(rx.el.span(str(n), class_name="n"), t(f"incident.step_{n}")) for n in range(1, 5)]
    return desk_page(
        t("desk.incidents"),
        rx.el.section(
            rx.el.h2(t("incident.first")), rx.el.ol(*steps, class_name="steps"), class_name="panel",
        ),
        said(rx.cond(state.saved, t("incident.saved"), ended)),
        _new(),
        rx.cond(
            some(state.lines),
            rx.el.div(rx.foreach(state.lines, _incident), class_name="stack"),
            empty("shield-check", t("incident.none")),
        ),
        current="incidents",
    )  # fmt: skip
