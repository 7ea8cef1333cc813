"""In thẻ: a village's household cards as a PDF to print; printing is issuing, so the page says what it replaces."""

from dataclasses import dataclass

import reflex as rx

from fieldapp.components.base import empty
from fieldapp.components.choice import commune_choice
from fieldapp.components.desk_shell import CardsButton, desk_page
from fieldapp.components.table import Column, cell, figure_cell, table
from fieldapp.components.words import t, tk
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_instant
from fieldapp.permissions import Action, Principal
from fieldapp.reports.card_batches import BatchRow, list_batches
from fieldapp.reports.card_stock import list_card_stock
from fieldapp.services.cards import MAX_BATCH
from fieldapp.states.commune import CommuneState
from fieldapp.states.session import needs
from models.base import utc_now
from models.household import BatchKind

USUAL_SIZE = 50


@dataclass
class VillageView:
    id: int = 0
    name: str = ""
    households: int = 0
    with_card: int = 0
    unbound: int = 0


@dataclass
class BatchView:
    id: int = 0
    at: str = ""
    village: str = ""
    kind: str = ""
    by: str = ""
    size: int = 0
    bound: int = 0
    unbound: int = 0
    revoked: int = 0


class CardsState(CommuneState):
    villages: rx.Field[list[VillageView]] = rx.field(default_factory=list)
    batches: rx.Field[list[BatchView]] = rx.field(default_factory=list)

    @needs(Action.PRINT_CARD)
    async def load(self, who: Principal) -> None:
        await self._show(who)

    @needs(Action.PRINT_CARD)
    async def choose_commune(self, who: Principal, commune: int) -> None:
        self._choose(commune)
        await self._show(who)

    async def _show(self, who: Principal) -> None:
        async with database().read() as db:
            commune = await self._commune(db, who, Action.PRINT_CARD)
            found = await list_card_stock(db, who, commune, vn_day(utc_now())) if commune else []
            batches = await list_batches(db, who, commune) if commune else []
        self.batches = [_batch(row) for row in batches]
        self.villages = [VillageView(s.village_id, s.name, s.households, s.with_card, s.unbound) for s in found]


def _batch(row: BatchRow) -> BatchView:
    return BatchView(
        id=row.id,
        at=written_instant(row.created_at),
        village=row.village,
        kind=str(row.kind),
        by=row.by,
        size=row.size,
        bound=row.bound,
        unbound=row.unbound,
        revoked=row.revoked,
    )


def _kind(kind: BatchKind, chosen: bool) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="kind", value=str(kind), default_checked=chosen),
        rx.el.span(
            rx.el.span(t(f"cards.{kind}"), class_name="strong block"),
            rx.el.span(t(f"cards.{kind}_means"), class_name="soft small"),
        ),
        class_name="option",
    )


def _form() -> rx.Component:
    village = rx.el.select(
        rx.foreach(CardsState.villages, lambda v: rx.el.option(v.name, value=v.id.to(str), key=v.id)),
        name="village",
        required=True,
    )
    size = rx.el.input(type="number", name="size", default_value=str(USUAL_SIZE), min=1, max=MAX_BATCH, required=True)
    return rx.el.form(
        rx.el.label(rx.el.span(t("desk.village")), village, class_name="field"),
        _kind(BatchKind.KNOWN, True),
        _kind(BatchKind.ANONYMOUS, False),
        rx.el.label(rx.el.span(t("cards.size")), size, class_name="field only-anonymous"),
        CardsButton.create(),
        class_name="panel stack cards-form",
    )


def _stock() -> rx.Component:
    columns = [
        Column(t("desk.village")),
        Column(t("cards.households"), "num"),
        Column(t("cards.with_card"), "num"),
        Column(t("cards.unbound"), "num"),
    ]

    def row(village: VillageView) -> rx.Component:
        return rx.el.tr(
            cell(village.name),
            figure_cell(village.households),
            figure_cell(village.with_card),
            figure_cell(village.unbound),
            key=village.id,
        )

    return rx.el.section(
        rx.el.h2(t("cards.stock")), table(t("cards.stock"), columns, CardsState.villages, row), class_name="panel"
    )


def _batches() -> rx.Component:
    """What became of the cards of each printing."""
    counts = ("size", "bound", "unbound", "revoked")
    columns = [
        Column(t("cards.batch_at")),
        Column(t("desk.village")),
        Column(t("cards.batch_kind")),
        Column(t("cards.batch_by")),
        *(Column(t(f"cards.batch_{name}"), "num") for name in counts),
    ]

    def row(batch: BatchView) -> rx.Component:
        return rx.el.tr(
            cell(batch.at, kind="num-left"),
            cell(batch.village),
            cell(tk("cards", batch.kind)),
            cell(batch.by),
            *(figure_cell(getattr(batch, name)) for name in counts),
            key=batch.id,
        )

    return rx.el.section(
        rx.el.h2(t("cards.batches")),
        rx.cond(
            some(CardsState.batches),
            table(t("cards.batches"), columns, CardsState.batches, row),
            empty("printer", t("cards.no_batches")),
        ),
        class_name="panel",
    )


def cards_page() -> rx.Component:
    none = rx.cond(
        some(CardsState.communes) & (CardsState.commune == ""), t("desk.choose_commune"), t("cards.no_village")
    )
    return desk_page(
        t("desk.cards"),
        commune_choice(CardsState.communes, CardsState.commune, CardsState.choose_commune),
        rx.cond(
            some(CardsState.villages),
            rx.fragment(rx.el.div(_form(), _stock(), class_name="columns"), _batches()),
            empty("printer", none),
        ),
        current="cards",
    )
