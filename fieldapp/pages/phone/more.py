"""Part of Hôm nay: the ways to what is not a visit. A way stands here only when its screen is real."""

import reflex as rx

from fieldapp.components.base import icon
from fieldapp.components.phone_shell import link
from fieldapp.components.words import t
from fieldapp.device.store import me, today

WAYS: tuple[tuple[str, str, str], ...] = (
    ("/m/announcements/", "bell", "more.announcements"),
    ("/m/gaps/", "list-checks", "more.gaps"),
    ("/m/targets/", "flag", "tab.targets"),
    ("/m/report/", "share-2", "more.report"),
    ("/m/texts/", "message-circle", "more.texts"),
    ("/m/guides/", "book-open", "more.guides"),
    ("/m/materials/", "file-text", "more.materials"),
    ("/m/members/", "users", "more.members"),
    ("/m/logs/", "calendar", "more.logs"),
    ("/m/activities/", "megaphone", "more.activities"),
    ("/m/difficulties/", "life-buoy", "more.difficulties"),
    ("/m/group/", "messages-square", "more.group"),
    ("/m/contacts/", "phone", "more.contacts"),
)
"""(address, icon, key of its words), as they stand."""


def _reports() -> rx.Component:
    """Reports of periods, for those who lead; how many wait for them."""
    n = rx.cond(today.reports > 0, rx.el.span(today.reports, class_name="badge"))
    return rx.cond(me.leads, link(icon("file-spreadsheet"), t("more.period"), n, to="/m/period/", class_name="tile"))


def more_ways() -> rx.Component:
    return rx.el.nav(
        _reports(),
        *[link(icon(symbol), t(words), to=to, class_name="tile") for to, symbol, words in WAYS],
        class_name="tiles",
        aria_label=t("more.title"),
    )
