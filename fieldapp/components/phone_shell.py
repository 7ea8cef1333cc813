"""The frame of every phone screen: title, sync pill, content, bottom bar, toast; and the worker behind it."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from fieldapp.components.base import button, icon, joined
from fieldapp.components.words import t
from fieldapp.device.store import BLUR, CAMERA, PHONE, act, lock, me, outbox, page, review


class PhoneRoot(rx.Component):
    """Opens the device store for this page; draws nothing."""

    library = PHONE
    tag = "PhoneRoot"


class Scanner(rx.NoSSRComponent):
    library = CAMERA
    tag = "Scanner"


class InvitationScanner(rx.NoSSRComponent):
    library = CAMERA
    tag = "InvitationScanner"


class PhotoCamera(rx.NoSSRComponent):
    library = CAMERA
    tag = "PhotoCamera"


class BlurTool(rx.NoSSRComponent):
    library = BLUR
    tag = "BlurTool"


def link(*children: Any, to: Any, **props: Any) -> rx.Component:
    """A link between phone screens: no reload, no network."""
    return ReactRouterLink.create(*children, to=to, **props)


PILL_KINDS = {
    "none": "done",
    "some": "wait",
    "photos": "wait",
    "photos_wifi": "wait",
    "held": "wait",
    "offline_some": "wait",
    "offline_none": "",
    "look": "need",
}
PILL_ICONS = {
    "none": "check-check",
    "some": "cloud-upload",
    "photos": "cloud-upload",
    "photos_wifi": "clock",
    "held": "clock",
    "offline_some": "cloud-off",
    "offline_none": "cloud-off",
}


def sync_pill(compact: bool = False) -> rx.Component:
    """What this phone still holds, on every screen; a tap opens the outbox. Compact: a sign and a number.

    Nothing is said before the storage has been read.
    """
    n = rx.cond(outbox.look_count > 0, outbox.look_count, outbox.count)
    kind = joined("sync-pill ", rx.match(outbox.pill, *PILL_KINDS.items(), ""))
    words = rx.match(
        outbox.pill,
        ("none", t("pill.none")),
        ("some", t("pill.some", n=n)),
        ("photos", t("outbox.photos", n=outbox.photos)),
        ("photos_wifi", t("outbox.photos_wifi", n=outbox.photos)),
        ("held", t("outbox.photos_held", n=outbox.photos_held)),
        ("offline_some", t("pill.offline_some", n=n)),
        ("offline_none", t("pill.offline_none")),
        t("pill.look", n=n),
    )
    symbol = icon(rx.match(outbox.pill, *PILL_ICONS.items(), "triangle-alert"))
    shown = rx.el.span(words, class_name="sr" if compact else "")
    holds = (outbox.look_count > 0) | (outbox.count > 0)
    number = [rx.cond(holds, rx.el.span(n, class_name="num", aria_hidden=True))] if compact else []
    pill = link(symbol, shown, *number, to="/m/outbox/", class_name=kind)
    return rx.el.div(rx.cond(outbox.ready, pill), role="status")


def _tab(to: str, symbol: str, words: Any, current: str, badge: rx.Component | None = None) -> rx.Component:
    here = {"aria-current": "page"} if to == current else {}
    return rx.el.li(link(icon(symbol), rx.el.span(words), *([badge] if badge else []), to=to, custom_attrs=here))


def _review_badge() -> rx.Component:
    return rx.cond(
        review.count > 0, rx.el.span(review.count, class_name="badge", aria_label=t("review.waiting", n=review.count))
    )


def bottom_bar(current: str) -> rx.Component:
    scan = link(
        rx.el.span(icon("scan-line"), class_name="disc"),
        rx.el.span(t("tab.scan")),
        to="/m/scan/",
        class_name="scan-tab",
    )
    return rx.el.nav(
        rx.el.ul(
            _tab("/m/", "house", t("tab.today"), current),
            _tab("/m/households/", "users", t("tab.households"), current),
            rx.el.li(scan),
            rx.cond(
                me.leads,
                _tab("/m/review/", "list-checks", t("tab.review"), current, _review_badge()),
                _tab("/m/targets/", "flag", t("tab.targets"), current),
            ),
            _tab("/m/me/", "user-round", t("tab.me"), current),
        ),
        class_name="bottom-bar",
        aria_label=t("tab.label"),
    )


def toast() -> rx.Component:
    """What just happened, with the way back where there is one."""
    undo = rx.el.button(t("undo"), type="button", on_click=act("undoDecision"))
    body = rx.el.div(
        rx.el.span(t(page.toast, number=page.toast_params["number"], n=page.toast_params["n"]), class_name="grow"),
        rx.cond(page.undo != "", undo),
        class_name="toast",
    )
    return rx.el.div(rx.cond(page.toast != "", body), role="status", aria_live="polite")


def notices() -> rx.Component:
    """What every phone screen may have to say over its content."""
    return rx.fragment(toast(), _unopened())


def _unopened() -> rx.Component:
    """The phone's storage does not open: nothing can be shown or kept, and nothing is behind this to go on with."""
    words = rx.el.section(
        rx.el.h2(t("unopened.title")),
        rx.el.p(t("unopened.next")),
        button(icon("refresh-cw"), t("unopened.again"), kind="primary wide", on_click=act("reopen")),
        class_name="sheet",
        role="alertdialog",
        aria_label=t("unopened.title"),
        custom_attrs={"aria-modal": "true"},
    )
    return rx.cond(page.unopened, rx.fragment(rx.el.div(class_name="veil"), words))


def update_offer() -> rx.Component:
    """A new version, offered beside the work and never in its way."""
    take = rx.el.button(t("update.take"), type="button", class_name="button compact", on_click=act("takeUpdate"))
    offer = rx.el.section(
        rx.el.p(t("update.ready"), class_name="strong grow"), take, class_name="card row wrap", role="status"
    )
    return rx.cond(page.update, offer)


def phone_page(title: Any, *children: Any, current: str = "", back: Any = None, bar: Any = True) -> rx.Component:
    """A phone screen: needs no server to open. `back` is the address of the screen before it; whether there is a `bar`
    may be reactive."""
    head: list[rx.Component] = [rx.el.h1(title)]
    if back is not None:
        head.insert(0, link(icon("chevron-left"), to=back, class_name="icon-button", aria_label=t("back")))
    return rx.el.div(
        PhoneRoot.create(),
        rx.el.header(*head, sync_pill(compact=back is not None)),
        rx.el.main(update_offer(), rx.cond(lock.locked, rx.fragment(), _content(*children))),
        bottom_bar(current) if bar is True else rx.cond(bar, bottom_bar(current)),
        notices(),
        class_name="phone",
    )


def _content(*children: Any) -> rx.Component:
    return rx.cond(me.ready & ~me.joined, not_joined(), rx.fragment(*children))


def not_joined() -> rx.Component:
    """A phone that belongs to nobody yet: how to begin."""
    return rx.el.div(
        rx.el.h2(t("join.not_yet")),
        rx.el.p(t("join.ask_leader"), class_name="soft"),
        link(t("join.go"), to="/m/join/", class_name="button primary wide"),
        class_name="card stack",
    )
