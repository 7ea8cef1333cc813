"""What the page of official papers holds and does; papers themselves go out, and templates come in, past the socket."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import reflex as rx

from fieldapp.db import database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.target import Length, next_period, period, period_words
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_days, written_instant
from fieldapp.permissions import Action, Principal, Reach, reach_of
from fieldapp.services import paper_templates
from fieldapp.states.commune import CommuneState
from fieldapp.states.session import needs
from models.base import utc_now
from models.paper_template import PaperKind, PaperTemplate
from models.target import Measure

Step = Literal[-1, 1]


@dataclass
class TemplateView:
    """`name` is that of the unit's own file, "" where the usual template counts."""

    paper: str = ""
    name: str = ""
    at: str = ""


class PapersState(CommuneState):
    """`first` and `last` are the chosen period as addresses say it; `open` is whose template is being replaced,
    `open_own` whether the unit has one of its own for that paper."""

    wide: bool = False
    length: str = str(Length.QUARTER)
    measure: str = str(Measure.HOUSEHOLD)
    first: str = ""
    last: str = ""
    days: str = ""
    period_key: str = ""
    period_params: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    templates: rx.Field[list[TemplateView]] = rx.field(default_factory=list)
    open: str = ""
    open_own: bool = False
    drawn: int = 0
    done: str = ""

    @needs(Action.READ_PAPER)
    async def load(self, who: Principal) -> None:
        await self._show(who)

    @needs(Action.READ_PAPER)
    async def choose_commune(self, who: Principal, commune: int) -> None:
        """0 is the whole province."""
        self._choose(commune)
        self.commune = self.commune if commune else ""
        await self._show(who)

    @needs(Action.READ_PAPER)
    async def choose_length(self, who: Principal, length: Length) -> None:
        self.length, self.first = str(length), ""
        await self._show(who)

    @needs(Action.READ_PAPER)
    async def choose_measure(self, who: Principal, measure: Measure) -> None:
        self.measure = str(measure)

    @needs(Action.READ_PAPER)
    async def move(self, who: Principal, by: Step) -> None:
        """To the period before or after."""
        self.first = next_period(Length(self.length), self._span(), by).first.isoformat()
        await self._show(who)

    @needs(Action.KEEP_TEMPLATE)
    async def open_template(self, who: Principal, paper: PaperKind) -> None:
        self.open, self.done = str(paper), ""
        self.open_own = any(line.paper == paper and line.name for line in self.templates)
        self.drawn += 1

    @needs(Action.READ_PAPER)
    async def close(self, who: Principal) -> None:
        self.open = ""

    @needs(Action.KEEP_TEMPLATE)
    async def kept(self, who: Principal, answer: dict[str, Any]) -> None:
        """The API has kept one."""
        await self._show(who)
        self.done = "kept"

    @needs(Action.KEEP_TEMPLATE)
    async def forget(self, who: Principal, paper: PaperKind) -> None:
        async with database().write() as db:
            await paper_templates.forget(db, who, paper)
        await self._show(who)
        self.done = "forgotten"

    def _span(self) -> DayRange:
        day = date.fromisoformat(self.first) if self.first else vn_day(utc_now())
        return period(Length(self.length), day)

    async def _show(self, who: Principal) -> None:
        self.open, self.done, self.wide = "", "", reach_of(who, Action.READ_PAPER) is Reach.PROVINCE
        async with database().read() as db:
            await self._commune(db, who, Action.READ_PAPER)
            own = await paper_templates.list_own(db, who)
        self.templates = [_view(kind, own.get(kind)) for kind in paper_templates.kinds_of(who)]
        span = self._span()
        self.first, self.last, self.days = span.first.isoformat(), span.last.isoformat(), written_days(span)
        self.period_key, self.period_params = period_words(Length(self.length), span)


def _view(kind: PaperKind, own: PaperTemplate | None) -> TemplateView:
    return TemplateView(str(kind), own.name, written_instant(own.kept_at)) if own else TemplateView(str(kind))
