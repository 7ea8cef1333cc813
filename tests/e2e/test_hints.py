"""Hints beside the work: put on the home screen, told while closed; said when there is a reason, gone in one tap."""

import re

import pytest
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from models.member import Member
from models.push_subscription import PushSubscription
from tests import build
from tests.e2e.people import PHONE, Person, launch
from tests.e2e.stage import Server, invitation, wait_until
from tests.e2e.test_screens import look_at
from tests.push_service import Browser

ENDPOINT = "https://push.example.com/told/1"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)
OFFER = """() => {
  const offer = new Event("beforeinstallprompt");
  offer.prompt = async () => { window.prompted = (window.prompted ?? 0) + 1; };
  dispatchEvent(offer);
}"""
SUBSCRIBING = """
PushManager.prototype.subscribe = async (options) => {
  window.subscribedWith = options.applicationServerKey.length;
  const { endpoint, p256dh, auth } = %s;
  return { endpoint, toJSON: () => ({ endpoint, keys: { p256dh, auth } }) };
};
"""
"""In the place of a browser's push service, which a test does not reach."""

NOTIFIED = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
}"""
SOON_NOTIFIED = """async () => {
  const registration = await navigator.serviceWorker.ready;
  for (let n = 0; n < 50; n++) {
    const shown = await registration.getNotifications();
    if (shown.length) return shown.length;
    await new Promise((done) => setTimeout(done, 100));
  }
}"""
TAP = """async () => {
  const [notification] = await registration.getNotifications();
  dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""
INSTALL, RETURNED = "Cài Tổ Số ra màn hình chính", "Báo cho tôi khi phiếu bị trả lại"


@pytest.fixture
def given() -> dict[str, str]:
    return {"FIELDAPP_NOTICE_CONTACT": "mailto:toso@example.vn"}


def look(page: Page, name: str) -> None:
    """Nothing serious for axe, nothing wider than the screen, in light and dark; with SCREENS=1 a picture is taken."""
    found = [fault for theme in ("light", "dark") for fault in look_at(page, f"phone-{name}", theme, PHONE)]
    assert found == []


def heading(person: Person, name: str):
    return person.page.get_by_role("heading", name=name)


def send(server: Server, who: Member, *records: dict) -> None:
    async def do(db: Database) -> None:
        await build.send(db, who, *records)

    server.do(do)


def subscriptions(server: Server) -> list[tuple[int, str]]:
    async def read(db: Database) -> list[tuple[int, str]]:
        async with db.read() as session:
            rows = (await session.execute(select(PushSubscription))).scalars()
            return [(row.member_id, row.endpoint) for row in rows]

    return server.do(read)


def test_the_home_screen_is_offered_after_the_first_visit_and_never_twice(
    server: Server, playwright: Playwright
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    person = Person.arrive(browser, server.origin)
    person.join(invitation(server, world.member.id))
    person.page.evaluate(OFFER)
    expect(heading(person, INSTALL)).to_have_count(0)

    send(server, world.member, build.visit(world.member, world.households[0]))
    person.open("/m/")
    person.page.evaluate(OFFER)
    expect(heading(person, INSTALL)).to_be_visible()
    look(person.page, "hint-install")
    person.page.get_by_role("button", name="Cài đặt", exact=True).click()
    expect(heading(person, INSTALL)).to_have_count(0)
    assert person.page.evaluate("window.prompted") == 1
    person.open("/m/")
    person.page.evaluate(OFFER)
    expect(person.page.get_by_text("1 phiếu đã ghi")).to_be_visible()
    expect(heading(person, INSTALL)).to_have_count(0)
    person.open("/m/me/")
    expect(heading(person, INSTALL)).to_be_visible()
    look(person.page, "hint-me")

    apple = Person.arrive(browser, server.origin, user_agent=IPHONE)
    apple.join(invitation(server, world.second_member.id))
    send(server, world.second_member, build.visit(world.second_member, world.households[1]))
    apple.open("/m/")
    apple.button("Xem cách cài").click()
    expect(apple.page.get_by_text("Chọn «Thêm vào MH chính»")).to_be_visible()
    look(apple.page, "hint-install-iphone")
    apple.button("Để sau").click()
    expect(heading(apple, INSTALL)).to_have_count(0)
    # As if opened from the home screen: there is nothing more to install.
    apple.context.add_init_script("Object.defineProperty(navigator, 'standalone', { value: true })")
    apple.open("/m/me/")
    expect(apple.button("Đăng xuất khỏi máy này")).to_be_visible()
    expect(heading(apple, INSTALL)).to_have_count(0)
    for phone in (person, apple):
        assert (phone.errors, phone.foreign, phone.sockets) == ([], [], [])
    browser.close()


def test_notices_are_asked_for_when_something_came_back_and_end_in_one_tap(
    server: Server, playwright: Playwright
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    member = Person.arrive(browser, server.origin, permissions=["notifications"])
    address = Browser(ENDPOINT).address
    keys = str({"endpoint": address.endpoint, "p256dh": address.p256dh, "auth": address.auth})
    member.context.add_init_script(SUBSCRIBING % keys)
    member.join(invitation(server, world.member.id))
    record = build.visit(world.member, world.households[0])
    send(server, world.member, record)
    member.open("/m/")
    expect(member.page.get_by_text("1 phiếu đã ghi")).to_be_visible()
    expect(heading(member, RETURNED)).to_have_count(0)

    send(server, world.leader, build.decision(world.leader, record["id"], verdict="send_back"))
    member.open("/m/")
    expect(heading(member, RETURNED)).to_be_visible()
    look(member.page, "hint-notices")
    member.button("Bật").click()
    expect(member.page.get_by_text("Đã bật thông báo")).to_be_visible()
    expect(heading(member, RETURNED)).to_have_count(0)
    assert member.page.evaluate("window.subscribedWith") == 65
    assert subscriptions(server) == [(world.member.id, ENDPOINT)]

    cdp = member.context.new_cdp_session(member.page)
    registrations: list[str] = []
    cdp.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(
        found["registrationId"] for found in event["registrations"] if not found["isDeleted"]
    ))  # fmt: skip
    cdp.send("ServiceWorker.enable")
    wait_until(lambda: bool(member.page.evaluate("1")) and bool(registrations))
    data = '{"title": "Tổ Số", "body": "Có 2 phiếu chờ duyệt, bấm để xem", "tag": "log-1", "to": "/m/outbox/"}'

    def told() -> bool:
        """Sent again while nothing shows, as a push service would: what a worker that starts at this moment misses."""
        sent = {"origin": server.origin, "registrationId": registrations[-1], "data": data}
        cdp.send("ServiceWorker.deliverPushMessage", sent)
        return bool(member.page.evaluate(SOON_NOTIFIED))

    wait_until(told)
    shown = {"title": "Tổ Số", "body": "Có 2 phiếu chờ duyệt, bấm để xem", "tag": "log-1"}
    assert member.page.evaluate(NOTIFIED) == [shown]
    member.context.service_workers[0].evaluate(TAP)
    expect(member.page).to_have_url(re.compile(r"/m/outbox/$"))
    assert member.page.evaluate(NOTIFIED) == []

    member.open("/m/me/")
    expect(member.page.get_by_text("Đang bật trên máy này.")).to_be_visible()
    look(member.page, "hint-me-notices")
    member.button("Tắt thông báo").click()
    expect(member.page.get_by_text("Đang tắt trên máy này.")).to_be_visible()
    assert subscriptions(server) == []
    member.open("/m/")
    expect(member.page.get_by_text("Bị trả lại").first).to_be_visible()
    expect(heading(member, RETURNED)).to_have_count(0)
    assert (member.errors, member.foreign, member.sockets) == ([], [], [])
    browser.close()


def test_a_leader_is_asked_when_the_first_log_waits_and_no_is_no(server: Server, playwright: Playwright) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    leader = Person.arrive(browser, server.origin, permissions=["notifications"])
    leader.join(invitation(server, world.leader.id))
    send(server, world.member, build.visit(world.member, world.households[0]))
    leader.open("/m/review/")
    expect(heading(leader, "Báo cho tôi khi có phiếu chờ duyệt")).to_be_visible()
    look(leader.page, "hint-notices-leader")
    leader.button("Không").click()
    expect(heading(leader, "Báo cho tôi khi có phiếu chờ duyệt")).to_have_count(0)
    leader.open("/m/review/")
    expect(leader.button(re.compile("Duyệt 1 phiếu|^Duyệt$")).first).to_be_visible()
    expect(heading(leader, "Báo cho tôi khi có phiếu chờ duyệt")).to_have_count(0)
    leader.open("/m/me/")
    expect(leader.button("Bật thông báo")).to_be_visible()
    assert (leader.errors, leader.foreign, leader.sockets) == ([], [], [])
    browser.close()
