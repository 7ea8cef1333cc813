"""Yêu cầu về dữ liệu: what residents ask of their personal data, by when it is due, and the consent log."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import reflex as rx
from anyio import to_thread
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.components.base import chip, figure, icon
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import said
from fieldapp.components.words import number, t, tk, told
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.vn_time import vn_day
from fieldapp.integrations import erasure_ledger
from fieldapp.pages.desk.rights_panel import request_panel
from fieldapp.pages.desk.rights_parts import consent_list, new_request, request_list
from fieldapp.pages.desk.rights_view import (
    ConsentLine,
    RequestLine,
    RequestView,
    show_consent,
    show_line,
    show_request,
)
from fieldapp.permissions import Action, Principal
from fieldapp.reports.consent_log import list_consents
from fieldapp.reports.data_request_list import count_late, get_request, list_requests
from fieldapp.reports.unit_tree import get_own_unit, list_below
from fieldapp.services import data_requests, erasures, photo_withdrawals
from fieldapp.services.data_requests import RequestForm, StepForm
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now


class Part(StrEnum):
    REQUESTS = "requests"
    CONSENTS = "consents"


class PhotoForm(BaseModel):
    request: Key
    record: UUID
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class EraseForm(BaseModel):
    request: Key
    number: PlainText = Field(max_length=20)


class RightsState(DeskState):
    """`done` is the word of what was done just now; `all_of_them`: closed requests too."""

    part: str = str(Part.REQUESTS)
    open_count: int = 0
    late_count: int = 0
    all_of_them: bool = False
    lines: rx.Field[list[RequestLine]] = rx.field(default_factory=list)
    total: int = 0
    page: int = 0
    pages: int = 1
    consents: rx.Field[list[ConsentLine]] = rx.field(default_factory=list)
    consent_total: int = 0
    consent_page: int = 0
    consent_pages: int = 1
    villages: rx.Field[list[Option]] = rx.field(default_factory=list)
    today: str = ""
    open: RequestView = RequestView()
    drawn: int = 0
    """Changes when the form of a new request is to be folded up again."""
    done: str = ""

    @needs(Action.READ_RIGHTS)
    async def load(self, who: Principal) -> None:
        self.open, self.done = RequestView(), ""
        today = vn_day(utc_now())
        self.today = today.isoformat()
        async with database().read() as db:
            commune = await get_own_unit(db, who, Action.READ_RIGHTS)
            self.villages = [Option(str(v.id), v.name) for v in await list_below(db, commune, DayRange(today, today))]
            await self._list(db, who)
            await self._list_consents(db, who)

    @needs(Action.READ_RIGHTS)
    async def choose_part(self, who: Principal, part: Part) -> None:
        self.part, self.open, self.done = str(part), RequestView(), ""
        async with database().read() as db:
            await self._list(db, who)
            await self._list_consents(db, who)

    @needs(Action.READ_RIGHTS)
    async def show_all(self, who: Principal, all_of_them: bool) -> None:
        self.all_of_them = all_of_them
        async with database().read() as db:
            await self._list(db, who)

    @needs(Action.READ_RIGHTS)
    async def turn(self, who: Principal, page: int) -> None:
        async with database().read() as db:
            await self._list(db, who, page)

    @needs(Action.READ_RIGHTS)
    async def turn_consents(self, who: Principal, page: int) -> None:
        async with database().read() as db:
            await self._list_consents(db, who, page)

    @needs(Action.READ_RIGHTS)
    async def open_one(self, who: Principal, request: Key) -> None:
        self.done = ""
        async with database().read() as db:
            await self._open(db, who, request)

    @needs(Action.READ_RIGHTS)
    async def close_one(self, who: Principal) -> None:
        self.open = RequestView()

    @needs(Action.ANSWER_RIGHTS)
    async def take_in(self, who: Principal, form: RequestForm) -> None:
        async with database().write() as db:
            request = await data_requests.take_in(db, who, form)
        self.drawn += 1
        await self._after(who, request, "taken_in")

    @needs(Action.ANSWER_RIGHTS)
    async def answer(self, who: Principal, form: StepForm) -> None:
        async with database().write() as db:
            await data_requests.answer(db, who, form)
        await self._after(who, form.request, "answered")

    @needs(Action.ANSWER_RIGHTS)
    async def finish(self, who: Principal, form: StepForm) -> None:
        async with database().write() as db:
            await data_requests.close(db, who, form)
        await self._after(who, form.request, "closed")

    @needs(Action.ANSWER_RIGHTS)
    async def erase_photo(self, who: Principal, form: PhotoForm) -> None:
        """The ledger knows of it before the database does."""
        async with database().read() as db:
            await data_requests.get_open(db, who, form.request)
            entry = await photo_withdrawals.new_entry(db, who, form.record, form.sha256)
        await to_thread.run_sync(erasure_ledger.append, settings().backups, [entry])
        async with database().write() as db:
            await data_requests.note_deed(db, who, form.request, "rights.photo")
            await photo_withdrawals.withdraw(db, entry, who, form.request)
        await self._after(who, form.request, "photo")

    @needs(Action.ANSWER_RIGHTS)
    async def erase(self, who: Principal, form: EraseForm) -> None:
        """The ledger knows of it before the database does."""
        async with database().read() as db:
            household = await data_requests.get_household(db, who, form.request, form.number)
        entry = erasures.new_entry(household)
        await to_thread.run_sync(erasure_ledger.append, settings().backups, [entry])
        async with database().write() as db:
            await data_requests.note_deed(db, who, form.request, "rights.erase")
            await erasures.erase(db, entry, who)
        await self._after(who, form.request, "erased")

    async def _after(self, who: Principal, request: int, done: str) -> None:
        async with database().read() as db:
            await self._open(db, who, request)
            await self._list(db, who, self.page)
        self.done = done

    async def _open(self, db: AsyncSession, who: Principal, request: int) -> None:
        self.open = show_request(await get_request(db, who, request), vn_day(utc_now()))

    async def _list(self, db: AsyncSession, who: Principal, page: int = 0) -> None:
        today = vn_day(utc_now())
        found = await list_requests(db, who, not self.all_of_them, page)
        self.lines = [show_line(row, today) for row in found.rows]
        self.total, self.page, self.pages = found.total, found.page, found.pages
        self.open_count, self.late_count = await count_late(db, who, today)

    async def _list_consents(self, db: AsyncSession, who: Principal, page: int = 0) -> None:
        found = await list_consents(db, who, page)
        self.consents = [show_consent(row, place) for place, row in enumerate(found.rows)]
        self.consent_total, self.consent_page, self.consent_pages = found.total, found.page, found.pages


def _figures() -> rx.Component:
    late = rx.cond(RightsState.late_count > 0, "figure need", "figure")
    return rx.el.div(
        figure(number(RightsState.open_count), t("rights.open_now")),
        rx.el.div(rx.el.b(number(RightsState.late_count)), rx.el.span(t("rights.late_now")), class_name=late),
        class_name="figures no-print",
    )


def rights_page() -> rx.Component:
    state = RightsState
    parts = [chip(t(f"rights.part.{part}"), state.part == str(part), state.choose_part(str(part))) for part in Part]
    words = told("problem", state.problem, state.problem_params)
    wrong = rx.cond(state.problem != "", rx.el.p(icon("triangle-alert"), words, class_name="notice need"))
    may = DeskState.allowed.contains(str(Action.ANSWER_RIGHTS))
    requests = rx.fragment(
        rx.el.p(t("rights.means"), class_name="soft"),
        _figures(),
        rx.cond(may, new_request(state.villages, state.today, state.drawn, state.take_in)),
        request_list(state),
    )
    return desk_page(
        t("desk.rights"),
        rx.el.div(*parts, class_name="chips no-print", role="group", aria_label=t("rights.parts")),
        said(rx.cond(state.done != "", tk("rights.said", state.done), "")),
        rx.cond(state.part == str(Part.CONSENTS), consent_list(state), requests),
        rx.cond(
            state.open.id > 0,
            request_panel(
                state.open, state.close_one, wrong, state.answer, state.finish, state.erase_photo, state.erase
            ),
        ),
        current="rights",
    )
