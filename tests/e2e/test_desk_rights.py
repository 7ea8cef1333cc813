"""Scenario 25: consent is taken back; the photo goes from the server and from phones at their next sync."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from fieldapp.cli.sample.accounts import SAMPLE_PASSWORD
from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import WorkCalendar
from fieldapp.domain.written_time import written_day
from fieldapp.services.reconciliation import reconcile
from models.counter import VillageCount
from models.visit import PhotoState
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation, wait_until
from tests.e2e.test_desk_difficulties import sit_down
from tests.e2e.test_photos import BYTES_HERE, begin_visit, choose, count_visits, from_a_phone, rows_of, stored
from tests.e2e.test_screens import LOOKS, look_at, sample

__all__ = ["sample"]
PULLED_PHOTOS = """() => new Promise((done) => {
  const opening = indexedDB.open("toso");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("visits").objectStore("visits").getAll();
    asked.onsuccess = () => (opening.result.close(), done(asked.result.flatMap((v) => v.photos ?? []).length));
  };
})"""


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


async def counted(db: Database) -> tuple:
    """Every counter of the villages, and whether all counters are right."""
    table = VillageCount.__table__
    async with db.write() as session:
        rows = (await session.execute(table.select().order_by(*table.primary_key.columns))).all()
        return [tuple(row) for row in rows], (await reconcile(session)).right


def test_25_a_photo_goes_everywhere_when_consent_is_taken_back(
    server: Server, browser: Browser, tmp_path: Path
) -> None:
    world = server.do(build.world)
    member = Person.arrive(browser, server.origin, permissions=["camera"])
    member.join(invitation(server, world.member.id))
    leader = Person.arrive(browser, server.origin)
    leader.join(invitation(server, world.leader.id))
    member.open("/m/")
    begin_visit(member)
    choose(member.page, from_a_phone(tmp_path, "face"))
    member.page.get_by_role("checkbox", name="Có người nhìn rõ mặt").click()
    member.page.get_by_role("checkbox", name="Người trong ảnh đã đồng ý").click()
    member.button("Lời nói").click()
    member.button("Dùng ảnh này").click()
    member.button("Lưu").click()
    expect(member.page.get_by_text("Đã lưu trên máy")).to_be_visible()
    wait_until(lambda: [row.state for row in rows_of(server)] == [PhotoState.READY])
    leader.open("/m/outbox/")
    leader.button("Gửi ngay").click()
    leader.page.wait_for_function(PULLED_PHOTOS)
    expect(leader.pill).to_have_text("Đã gửi hết", timeout=30_000)
    before = server.do(counted)
    for phone in (member, leader):
        phone.lose_network()
    assert len(member.page.evaluate(BYTES_HERE)) == 1

    # The phones are away while the officer notes the request and erases the photo.
    desk = sit_down(browser, server, world.commune_officer.username)
    desk.page.get_by_role("link", name="Yêu cầu về dữ liệu").click()
    desk.page.get_by_text("Ghi yêu cầu mới").click()
    desk.page.get_by_label("Loại yêu cầu").select_option("withdraw")
    desk.page.get_by_label("Nội dung yêu cầu").fill("Người trong ảnh không đồng ý nữa")
    desk.page.get_by_label("Thôn, tổ dân phố").select_option(label=world.village.name)
    desk.page.get_by_label("Số hộ").fill("3")
    desk.button("Ghi vào sổ").click()
    panel = desk.page.locator(".side-panel")
    today = vn_day(datetime.now(UTC))
    expect(panel).to_contain_text(f"hạn {written_day(WorkCalendar().after(today, 2))}")
    expect(panel).to_contain_text("Có đồng ý (lời nói)")
    panel.get_by_text("Xóa ảnh này").first.click()
    panel.get_by_role("button", name="Xóa ảnh này").click()
    expect(panel).to_contain_text("Hộ này không còn ảnh nào.")
    panel.get_by_label("Đã trả lời người yêu cầu thế nào?").fill("Ảnh đã xóa, máy của tổ xóa khi có mạng")
    panel.get_by_role("button", name="Ghi trả lời").click()
    panel.locator("summary", has_text="Kết thúc yêu cầu").click()
    panel.get_by_label("Kết quả, hoặc lý do").fill("Đã xóa ảnh và báo người yêu cầu")
    panel.get_by_role("button", name="Kết thúc", exact=True).click()
    expect(panel).to_contain_text("Đã làm xong")
    desk.picture("scenario-25-request")
    panel.get_by_role("button", name="Đóng").click()
    desk.button("Sổ đồng ý").click()
    expect(desk.page.locator("tbody tr")).to_contain_text("Đã rút")
    desk.picture("scenario-25-log")
    wait_until(lambda: stored(server) == [])
    assert rows_of(server) == []
    assert len(member.page.evaluate(BYTES_HERE)) == 1, "away from the network it still holds the photo"

    # At their next sync both phones lose it; the visit stays, and so does every number.
    for phone in (member, leader):
        phone.find_network()
        phone.open("/m/outbox/")
        phone.button("Gửi ngay").click()
    wait_until(lambda: member.page.evaluate(BYTES_HERE) == [])
    wait_until(lambda: leader.page.evaluate(PULLED_PHOTOS) == 0)
    expect(member.pill).to_have_text("Đã gửi hết", timeout=30_000)
    assert (count_visits(server), server.do(counted)) == (1, before)
    assert before[1]
    assert (member.errors, leader.errors, desk.errors) == ([], [], [])


def test_the_register_and_the_log_in_every_look(server: Server, browser: Browser, sample: int) -> None:
    found = []
    desk = sit_down(browser, server, "xa.21484", SAMPLE_PASSWORD)
    desk.open("/desk/rights/")
    expect(desk.page.locator(".figure").first).to_be_visible(timeout=30_000)
    desk.page.get_by_text("Ghi yêu cầu mới").click()
    desk.page.get_by_label("Loại yêu cầu").select_option("erase")
    desk.page.get_by_label("Nội dung yêu cầu").fill("Xóa mọi thứ về hộ này")
    desk.page.get_by_label("Thôn, tổ dân phố").select_option(index=1)
    desk.page.get_by_label("Số hộ").fill("1")
    desk.button("Ghi vào sổ").click()
    expect(desk.page.locator(".side-panel")).to_be_visible()
    desk.page.locator(".side-panel summary", has_text="Xóa dữ liệu của hộ").click()
    desk.page.evaluate("scrollTo(0, 0)")
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-rights-panel", *look)]
    desk.page.locator(".side-panel").get_by_role("button", name="Đóng").click()
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-rights", *look)]
    desk.button("Sổ đồng ý").click()
    expect(desk.page.get_by_text("Ảnh có người nhìn rõ mặt")).to_be_visible()
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-rights-consents", *look)]
    desk.open("/desk/incidents/")
    desk.page.get_by_text("Ghi sự cố mới").click()
    desk.page.get_by_label("Đã xảy ra việc gì?").first.fill("Mất một máy chưa khóa ở chợ")
    desk.button("Ghi sự cố").first.click()
    expect(desk.page.get_by_text("Còn 71 giờ để báo cơ quan")).to_be_visible()
    desk.page.get_by_text("Kết thúc mọi phiên của xã").click()
    desk.page.evaluate("scrollTo(0, 0)")
    found += [fault for look in LOOKS for fault in look_at(desk.page, "desk-incidents", *look)]
    assert not found, "\n".join(found)
    assert desk.errors == []
