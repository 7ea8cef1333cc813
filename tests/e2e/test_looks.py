"""Every phone screen in both languages, three sizes of text, light and dark, empty and full.

Nothing is cut off, hidden, too small, untranslated or wider than the screen, and axe finds nothing, contrast of 7:1
included.

`make e2e` looks at each screen in the ways that break most; LOOKS=all in every way. LOOKS_IN=folder keeps the
pictures of all that axe looked at.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect

from fieldapp.config import ROOT
from fieldapp.i18n import LOCALES, catalogue
from tests.e2e.full_village import FullVillage, settle
from tests.e2e.people import PHONE, Person, launch
from tests.e2e.stage import Server, invitation

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LOOK = Path(__file__).with_name("look.js")
SIZES, THEMES = ("medium", "large", "largest"), ("light", "dark")
ALL_WAYS = (SIZES, THEMES)
ALL = os.environ.get("LOOKS") == "all"
KEPT = os.environ.get("LOOKS_IN", "")


def icon(name: str, within: str = "") -> str:
    """A control by its icon, whatever language it speaks."""
    return f"{within} :is(button, a):has(use[href$='#{name}'])".strip()


@dataclass(frozen=True)
class Screen:
    name: str
    path: str
    taps: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    """What puts it back as it was."""
    typed: str = ""


DROP, PICTURE = (icon("trash-2", ".save-bar"),), icon("trash-2", ".sheet")
FULL = (
    Screen("today", "/m/"),
    Screen("today-visit", "/m/", ("main .list .wide-button",)),
    Screen("households", "/m/households/"),
    Screen("households-none", "/m/households/", typed="zzz"),
    Screen("door", "/m/households/", (icon("house-plus"),)),
    Screen("household", "/m/household/?id={home}"),
    Screen("household-unknown", "/m/household/?id=none"),
    Screen("scan", "/m/scan/"),
    Screen("scan-typing", "/m/scan/", (icon("keyboard"),)),
    Screen("outbox", "/m/outbox/"),
    Screen("review", "/m/review/"),
    Screen("review-clean", "/m/review/", ("main .link",)),
    Screen("review-back", "/m/review/", (icon("corner-up-left", "article"),)),
    Screen("newcomer-correct", "/m/review/", (icon("pencil", "article"),)),
    Screen("newcomer-merge", "/m/review/", (icon("search", "article"),)),
    Screen("team", "/m/team/", ("main .chip:nth-child(3)",)),
    Screen("targets", "/m/targets/"),
    Screen("periods", "/m/period/"),
    Screen("period", "/m/period/", ("main .list a",)),
    Screen("period-numbers", "/m/period/", ("main .list a", "main .fold >> nth=5", "main .fold >> nth=2")),
    Screen("period-visits", "/m/period/", ("main .list a", "main .fold >> nth=5", "main .fold[open] .line >> nth=1")),
    Screen("gaps", "/m/gaps/"),
    Screen("gap", "/m/gaps/", ("main .list button",)),
    Screen("report", "/m/report/"),
    Screen("texts", "/m/texts/"),
    Screen("text", "/m/texts/", ("main .list button",)),
    Screen("guides", "/m/guides/"),
    Screen("guide", "/m/guides/#VNEID"),
    Screen("logs", "/m/logs/"),
    Screen("members", "/m/members/"),
    Screen("delegate", "/m/members/", (icon("list-checks", "main"),)),
    Screen("end-phone", "/m/members/", ("main .button.danger",)),
    Screen("activities", "/m/activities/"),
    Screen("activity", "/m/activities/", ("main .list button",)),
    Screen("activity-form", "/m/activities/", (icon("plus", "main"),), DROP),
    Screen("difficulties", "/m/difficulties/"),
    Screen("difficulty-form", "/m/difficulties/", (icon("plus", "main"),), DROP),
    Screen("group", "/m/group/"),
    Screen("group-form", "/m/group/", (icon("pencil", "main > "),), DROP),
    Screen("announcements", "/m/announcements/"),
    Screen("announcement", "/m/announcements/", ("main .list a",)),
    Screen("materials", "/m/materials/"),
    Screen("material", "/m/materials/", ("main .list a",)),
    Screen("contacts", "/m/contacts/"),
    Screen("me", "/m/me/"),
    Screen("pin", "/m/me/", (".pin-settings .button",)),
    Screen("leaving", "/m/me/", (icon("log-out"),)),
    Screen("record", "/m/record/"),
    Screen("doer", "/m/record/", ("main .button.compact",)),
    Screen("camera", "/m/record/", (".add-photo",)),
    Screen("picture", "/m/record/", (".add-photo", ".shutter"), (PICTURE,)),
    Screen(
        "blur",
        "/m/record/",
        (".add-photo", ".shutter", icon("pencil", ".sheet")),
        ("[data-close]:visible >> nth=-1", PICTURE),
    ),
    Screen("join", "/m/join/"),
    Screen("join-add", "/m/join/?add=1"),
)
EMPTY = tuple(
    Screen(f"empty-{name}", path)
    for name, path in {
        "today": "/m/", "households": "/m/households/", "scan": "/m/scan/", "record": "/m/record/",
        "outbox": "/m/outbox/", "review": "/m/review/", "team": "/m/team/", "gaps": "/m/gaps/",
        "report": "/m/report/", "logs": "/m/logs/", "members": "/m/members/", "activities": "/m/activities/",
        "difficulties": "/m/difficulties/", "group": "/m/group/", "me": "/m/me/", "targets": "/m/targets/",
        "announcements": "/m/announcements/", "materials": "/m/materials/", "contacts": "/m/contacts/",
        "period": "/m/period/",
    }.items()
)  # fmt: skip
NOBODY = tuple(
    Screen(f"nobody-{name}", path)
    for name, path in {
        "today": "/m/", "scan": "/m/scan/", "record": "/m/record/", "review": "/m/review/", "join": "/m/join/",
        "join-failed": f"/m/join/#{'a' * 43}",
    }.items()
)  # fmt: skip
BROWSER = (Screen("browser", "/browser/"),)
IN_ZALO = (
    "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36 Zalo android/12100756"
)

UNSENT = """async (now) => {
    const db = await new Promise((done) => { indexedDB.open("toso").onsuccess = (e) => done(e.target.result); });
    const get = (name) => new Promise((done) => {
        db.transaction(name).objectStore(name).getAll().onsuccess = (e) => done(e.target.result);
    });
    const visits = (await get("visits")).sort((a, b) => b.outcomes.length - a.outcomes.length);
    const me = await new Promise((done) => {
        db.transaction("facts").objectStore("facts").get("me").onsuccess = (e) => done(e.target.result);
    });
    const village = me.villages[0].id;
    const { household, mode, beneficiary, people, outcomes, identified_by, note } = visits[0];
    const payload = { household, mode, beneficiary, people, outcomes, identified_by, note, photos: [] };
    const work = { village, kind: "talk", people: 12, platforms: [], note: visits[0].note };
    const told = { village, kind: "device", severity: "medium", description: visits[0].note };
    const group = { village, name: me.team, manager: "other", households: 3, counted_on: "2026-01-02", link: null };
    const word = { result: "superseded", state: "approved", by: me.people[1].name, at: "2026-01-02T03:04:05Z" };
    const late = { visits: { [visits[1].id]: word } };
    const made = [
        { kind: "visit.create", payload, state: "ready" },
        { kind: "visit.create", payload, state: "parked", code: "household_unknown" },
        { kind: "visit.create", payload, state: "parked", code: "held_refused", detail: { reason: visits[0].note } },
        { kind: "activity.create", payload: work, state: "parked", code: "out_of_scope" },
        { kind: "difficulty.create", payload: told, state: "parked", code: "out_of_scope" },
        { kind: "group.update", payload: group, state: "parked", code: "out_of_scope" },
        { kind: "difficulty.create", payload: told, state: "ready" },
        { kind: "review.decide", payload: { visits: [{ visit: visits[1].id, flags: [] }], verdict: "approve" },
          state: "sent", result: "superseded", detail: late },
    ];
    const transaction = db.transaction(["records", "photos", "photo_bytes"], "readwrite");
    made.forEach((record, n) => transaction.objectStore("records").put({
        id: `made-${n}`, schema: 1, author: me.id, made_at: now - n * 60000, replaces: null, hold_until: 0,
        frozen: false, seq: 900 + n, ...record,
    }));
    const sha256 = "b".repeat(64);
    const photo = { sha256, type: "image/jpeg", bytes: 3, visits: ["made-0"], done: [] };
    transaction.objectStore("photos").put(photo);
    transaction.objectStore("photo_bytes").put(new ArrayBuffer(3), sha256);
    await new Promise((done) => { transaction.oncomplete = done; });
    db.close();
}"""
"""What the server would not take, what waits, and what came too late, on a phone that has lost its network."""


def _expected(locale: str, names: frozenset[str]) -> dict[str, Any]:
    """What tells words of the screen's language from those of the other one, from keys, and from what is data."""
    other = catalogue(*(one for one in LOCALES if one != locale))
    own = {*catalogue(locale).values()}
    foreign = sorted({words for words in other.values() if words not in own and len(words) > 2})
    subjects = sorted({key.split(".")[0] for key in catalogue("vi")})
    kept = sorted(names | {"tiếng", "việt", "tổ", "số", "cnscđ"})
    return {"locale": locale, "foreign": foreign, "subjects": subjects, "names": kept}


STORED = """() => new Promise((done) => {
    indexedDB.open("toso").onsuccess = ({ target: { result: db } }) => {
        const reading = db.transaction("facts").objectStore("facts").count();
        reading.onsuccess = () => (db.close(), done(true));
    };
})"""
"""Comes after what the page has begun to write."""


@dataclass
class Looker:
    """Goes to screens and gathers what is wrong with them."""

    person: Person
    names: frozenset[str]
    home: str = ""
    found: list[str] = field(default_factory=list)

    def speak(self, locale: str) -> None:
        self.person.page.evaluate("(locale) => localStorage.setItem('toso-locale', locale)", locale)

    def look(self, screens: tuple[Screen, ...], locale: str, sizes: tuple[str, ...], themes: tuple[str, ...]) -> None:
        """Each screen once, in each of these sizes; axe in the last of them, in one of the themes in turn.

        Where all is looked at, axe in each size and theme.
        """
        if ALL and len(sizes) > 1:
            for size in sizes:
                self.look(screens, locale, (size,), themes)
            return
        expected = _expected(locale, self.names)
        for n, screen in enumerate(screens):
            page = self._open(screen)
            for size in sizes:
                page.evaluate("(size) => { document.documentElement.dataset.text = size; }", size)
                self._say(screen, locale, size, "", page.evaluate("(given) => look(given)", expected))
            page.evaluate(AXE.read_text("utf-8") if themes else "0")
            for theme in themes if ALL else themes[n % 2 :][:1]:
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
                self._say(screen, locale, sizes[-1], theme, page.evaluate("axeFaults()"))
                self._keep(screen, locale, sizes[-1], theme)
            for tap in screen.then:
                page.locator(tap).first.click()
                page.evaluate(STORED)

    def _open(self, screen: Screen):
        page = self.person.page
        page.goto("about:blank")
        self.person.open(screen.path.format(home=self.home))
        expect(
            page.locator(".sync-pill, .scan-result, .scan-screen p, main .card, body > main p").first
        ).to_be_visible()
        for tap in screen.taps:
            page.locator(tap).first.click()
        if screen.typed:
            page.locator("input[type=search]").fill(screen.typed)
        page.evaluate(LOOK.read_text("utf-8"))
        return page

    def _say(self, screen: Screen, locale: str, size: str, theme: str, faults: list[str]) -> None:
        self.found += [f"{screen.name} {locale} {size} {theme}: {fault}" for fault in dict.fromkeys(faults)]

    def _keep(self, screen: Screen, locale: str, size: str, theme: str) -> None:
        if KEPT:
            Path(KEPT).mkdir(parents=True, exist_ok=True)
            name = f"{screen.name}-{locale}-{size}-{theme}.png"
            self.person.page.screenshot(path=Path(KEPT) / name, full_page=not screen.taps)

    def report(self) -> None:
        assert self.found == [], "\n".join(self.found)
        assert (self.person.errors, self.person.sockets) == ([], [])


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


@pytest.fixture
def village(server: Server) -> FullVillage:
    return server.do(settle)


def arrive(browser: Browser, server: Server) -> Person:
    return Person.arrive(browser, server.origin, PHONE, permissions=["camera"])


def test_a_phone_full_of_work_shows_all_of_it(server: Server, browser: Browser, village: FullVillage) -> None:
    phone = arrive(browser, server)
    phone.join(invitation(server, village.leader.id or 0))
    phone.lose_network()
    phone.page.evaluate(UNSENT, round(phone.page.evaluate("Date.now()")))
    phone.open(f"/m/household/?id={village.home.id}")
    phone.button("Ghi nhận hỗ trợ").click()
    for code in ("Gian hàng số", "VNeID"):
        phone.button(code).click()
    phone.button("Hẹn quay lại").first.click()
    expect(phone.page.get_by_label("Hẹn ngày quay lại")).to_be_visible()
    looker = Looker(phone, village.names, str(village.home.id))
    for locale in LOCALES:
        looker.speak(locale)
        usual = (SIZES[2:], ()) if locale == "vi" else (SIZES[::2], THEMES)
        looker.look(FULL, locale, *(ALL_WAYS if ALL else usual))
    looker.report()


def test_a_phone_with_nothing_on_it_says_what_to_do(server: Server, browser: Browser, village: FullVillage) -> None:
    phone = arrive(browser, server)
    phone.open("/m/join/")
    looker = Looker(phone, village.names)
    for locale in LOCALES if ALL else LOCALES[1:]:
        looker.speak(locale)
        looker.look(NOBODY, locale, *(ALL_WAYS if ALL else (SIZES[2:], THEMES)))
    looker.speak("vi")
    phone.page.goto("about:blank")
    phone.join(invitation(server, village.newcomer.id or 0))
    for locale in LOCALES if ALL else LOCALES[1:]:
        looker.speak(locale)
        looker.look(EMPTY, locale, *(ALL_WAYS if ALL else (SIZES[:1], THEMES)))
    looker.report()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_plain_page_for_other_browsers_is_whole(server: Server, browser: Browser, locale: str) -> None:
    person = Person.arrive(browser, server.origin, PHONE, user_agent=IN_ZALO, locale=locale)
    looker = Looker(person, frozenset())
    looker.look(BROWSER, locale, SIZES[:1], THEMES if locale == "vi" else THEMES[1:])
    looker.report()
