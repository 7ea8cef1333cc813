"""Part of a guide: what the commune recorded for it. Fetched when somebody wants to hear it, then kept on the phone."""

import reflex as rx

from fieldapp.components.base import button, icon, pill
from fieldapp.components.words import number, t, tk
from fieldapp.device.guide_slices import NarrationLine
from fieldapp.device.store import listening, narration, some


def _line(line: NarrationLine) -> rx.Component:
    player = rx.el.audio(
        src=line.url, controls=True, auto_play=True, class_name="player", custom_attrs={"aria-label": line.title}
    )
    play = button(
        icon("volume-2"),
        rx.cond(line.coming, t("guide.coming", n=line.percent), t("guide.listen")),
        rx.el.span(" ", line.title, class_name="sr"),
        kind="compact",
        disabled=line.coming,
        on_click=listening.act("play", line.id),
    )
    refused = rx.el.p(t("guide.unplayable"), class_name="soft small")
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.span(line.title, class_name="strong block"),
                rx.el.span(t("guide.size", length=line.lasts, size=number(line.size)), class_name="soft small block"),
                rx.cond(line.here, pill(t("guide.kept"), "done", "check")),
                rx.cond(~line.here & line.wanted & ~line.coming, pill(t("guide.wanted"), "wait", "clock")),
                class_name="grow",
            ),
            rx.cond(line.playable & (line.url == ""), play),
            class_name="row wrap",
        ),
        rx.cond(line.playable, rx.fragment(), refused),
        rx.cond(line.url != "", player),
        rx.cond(line.failed != "", rx.el.p(tk("guide.failed", line.failed), class_name="error", role="alert")),
        class_name="inset stack tight",
        key=line.id,
    )


def narrations() -> rx.Component:
    """Nothing where the commune recorded nothing."""
    keep = button(
        icon("download"),
        t("guide.keep", size=number(narration.missing_size)),
        kind="wide",
        on_click=listening.act("keepAll"),
    )
    return rx.cond(
        some(narration.lines),
        rx.el.section(
            rx.el.h2(t("guide.narrations"), class_name="section-title"),
            rx.el.ul(rx.foreach(narration.lines, _line), class_name="list"),
            rx.cond((narration.missing > 0) & ~narration.waits, keep),
            class_name="stack",
        ),
    )
