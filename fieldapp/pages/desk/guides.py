"""Cẩm nang: spoken guides that the commune adds to those of the product, platform by platform."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from fieldapp.components.base import button, empty
from fieldapp.components.desk_shell import AddNarration, desk_page
from fieldapp.components.words import local, number, t
from fieldapp.db import database
from fieldapp.device.store import count, some
from fieldapp.domain.sound import megabytes, written_length
from fieldapp.permissions import Action, Principal
from fieldapp.services import narrations, pull_rows
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs


@dataclass
class NarrationView:
    id: str = ""
    title: str = ""
    platform: str = ""
    platform_english: str = ""
    lasts: str = ""
    size: float = 0


class GuidesState(DeskState):
    narrations: rx.Field[list[NarrationView]] = rx.field(default_factory=list)
    platforms: rx.Field[list[Option]] = rx.field(default_factory=list)
    removed: str = ""
    """The title of what was taken off just now."""

    @needs(Action.NARRATE_GUIDE)
    async def load(self, who: Principal) -> None:
        self.removed = ""
        await self._show(who)

    @needs(Action.NARRATE_GUIDE)
    async def remove(self, who: Principal, narration: UUID) -> None:
        title = next((n.title for n in self.narrations if n.id == str(narration)), "")
        async with database().write() as db:
            await narrations.remove(db, who, narration)
        self.removed = title
        await self._show(who)

    async def _show(self, who: Principal) -> None:
        async with database().read() as db:
            platforms = {p["code"]: p for p in await pull_rows.platforms(db, who.commune_id)}
            found = await narrations.list_of(db, who.commune_id) if who.commune_id else []
        self.platforms = [Option(p["code"], p["vi"], p["en"]) for p in platforms.values() if not p["gone"]]
        self.narrations = [
            NarrationView(
                str(row.id),
                row.title,
                platforms[row.platform_code]["vi"],
                platforms[row.platform_code]["en"],
                written_length(row.seconds),
                megabytes(row.bytes),
            )
            for row in found
        ]


def _narration(narration: NarrationView) -> rx.Component:
    removal = rx.el.details(
        rx.el.summary(t("narration.remove"), rx.el.span(" ", narration.title, class_name="sr"), class_name="link"),
        rx.el.p(t("narration.remove_means"), class_name="soft small"),
        button(t("narration.remove"), kind="compact danger", on_click=GuidesState.remove(narration.id)),
    )
    player = rx.el.audio(
        src="/api/v1/narrations/" + narration.id + "?slot=desk",
        controls=True,
        preload="none",
        custom_attrs={"aria-label": narration.title},
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(narration.title, class_name="strong"),
            rx.el.p(local(narration.platform, narration.platform_english), class_name="soft small"),
            rx.el.p(t("narration.size", length=narration.lasts, size=number(narration.size)), class_name="soft small"),
            class_name="person",
        ),
        rx.el.div(player, removal, class_name="grow stack tight"),
        class_name="seat",
        key=narration.id,
    )


def _list() -> rx.Component:
    gone = rx.el.p(t("narration.removed", title=GuidesState.removed), class_name="notice")
    return rx.el.section(
        rx.el.h2(t("narration.of_commune", n=count(GuidesState.narrations))),
        rx.el.div(rx.cond(GuidesState.removed != "", gone), role="status"),
        rx.cond(
            some(GuidesState.narrations),
            rx.el.ul(rx.foreach(GuidesState.narrations, _narration), class_name="bars"),
            empty("volume-2", t("narration.none")),
        ),
        class_name="panel stack",
    )


def guides_page() -> rx.Component:
    return desk_page(
        t("desk.guides"),
        rx.el.p(t("narration.explain"), class_name="soft"),
        rx.el.div(
            AddNarration.create(platforms=GuidesState.platforms, on_done=GuidesState.load),
            _list(),
            class_name="columns",
        ),
        current="guides",
    )
