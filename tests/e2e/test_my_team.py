"""What a leader has of the team: who did what, a phone that is ended, work that one enters for another."""

import os

from playwright.sync_api import Locator, Playwright, expect

from fieldapp.config import ROOT
from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation
from tests.e2e.test_looks import STORED


def card_of(phone: Person, name: str) -> Locator:
    return phone.page.locator("li.card", has_text=name)


def picture(phone: Person, name: str) -> None:
    """The screen in both looks, where pictures are asked for."""
    if os.environ.get("SCREENS"):
        for theme in ("light", "dark"):
            phone.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            phone.page.screenshot(path=ROOT / "docs" / "screens" / f"phone-{name}-{theme}-360.png")


def record_visit(phone: Person) -> None:
    phone.open("/m/households/")
    phone.page.locator(".line").first.click()
    phone.button("Ghi nhận hỗ trợ").click()
    phone.button("VNEID").click()
    phone.button("Đã cài đặt").click()
    phone.button("Lưu").click()
    expect(phone.pill).to_have_text("Đã gửi hết", timeout=30_000)


def test_a_leader_sees_the_team_and_ends_a_lost_phone(server: Server, playwright: Playwright) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    member, leader = (Person.arrive(browser, server.origin) for _ in range(2))
    member.join(invitation(server, world.member.id))
    record_visit(member)

    leader.join(invitation(server, world.leader.id))
    leader.page.get_by_role("link", name="Tổ của tôi").click()
    lan = card_of(leader, world.member.full_name)
    expect(lan).to_contain_text("1 lượt · 1 hộ")
    expect(lan).to_contain_text("Liên lạc lần cuối")
    expect(card_of(leader, world.second_member.full_name)).to_contain_text("7 ngày nay chưa có phiếu")

    leader.lose_network()
    leader.close_and_reopen("/m/members/")
    expect(lan_again := card_of(leader, world.member.full_name)).to_contain_text("1 lượt · 1 hộ")
    lan_again.get_by_role("button", name="Mất máy, thu hồi").click()
    dialog = leader.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Việc này cần có mạng")
    expect(dialog.get_by_role("button", name="Mất máy: đóng hẳn")).to_be_disabled()
    leader.find_network()
    expect(dialog.get_by_role("button", name="Mất máy: đóng hẳn")).to_be_enabled()
    picture(leader, "end-phone")
    dialog.get_by_role("button", name="Mất máy: đóng hẳn").click()
    expect(dialog).to_contain_text(f"Đã thu hồi máy này của: {world.member.full_name}")
    dialog.get_by_role("button", name="Mời máy mới").click()
    expect(leader.page.locator(".invite-qr")).to_be_visible()
    leader.page.get_by_role("button", name="Đóng").click()
    expect(lan_again).to_contain_text("Chưa có máy nào tham gia", timeout=30_000)
    member.open("/m/outbox/")
    expect(member.page.get_by_text("Phiên làm việc đã hết")).to_be_visible(timeout=30_000)
    for phone in (leader, member):
        assert (phone.errors, phone.foreign, phone.sockets) == ([], [], [])
    browser.close()


def test_a_visit_entered_for_the_leader_is_theirs_and_a_deputy_approves_it(
    server: Server, playwright: Playwright
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    youth, leader, deputy = (Person.arrive(browser, server.origin) for _ in range(3))
    for phone, who in ((youth, world.member), (leader, world.leader), (deputy, world.deputy)):
        phone.join(invitation(server, who.id))

    youth.lose_network()
    youth.close_and_reopen("/m/households/")
    youth.page.locator(".line").first.click()
    youth.button("Ghi nhận hỗ trợ").click()
    expect(youth.page.get_by_text("Người thực hiện: Tôi")).to_be_visible()
    youth.button("Đổi").click()
    picture(youth, "doer")
    youth.page.get_by_role("dialog").get_by_role("button", name=world.leader.full_name).click()
    expect(youth.page.get_by_text(f"Người thực hiện: {world.leader.full_name}")).to_be_visible()
    youth.page.evaluate(STORED)
    youth.close_and_reopen("/m/record/")
    expect(youth.page.get_by_text(f"Người thực hiện: {world.leader.full_name}")).to_be_visible()
    picture(youth, "record-doer")
    youth.button("VNEID").click()
    youth.button("Đã cài đặt").click()
    youth.button("Lưu").click()
    both = f"{world.leader.full_name}, {world.member.full_name} nhập giúp"
    expect(youth.page.get_by_text(both)).to_be_visible()
    expect(youth.page.get_by_text("0 hộ được hỗ trợ hôm nay")).to_be_visible()
    youth.find_network()
    expect(youth.pill).to_have_text("Đã gửi hết", timeout=60_000)

    leader.open("/m/")
    expect(leader.page.get_by_text(both)).to_be_visible(timeout=30_000)
    expect(leader.page.get_by_text("1 hộ được hỗ trợ hôm nay")).to_be_visible()
    leader.open("/m/review/")
    expect(leader.page.get_by_text("Không còn phiếu nào chờ duyệt")).to_be_visible()
    deputy.open("/m/review/")
    expect(deputy.page.get_by_text(both)).to_be_visible(timeout=30_000)
    deputy.button("Duyệt").click()
    expect(deputy.pill).to_have_text("Đã gửi hết", timeout=60_000)
    leader.open("/m/members/")
    expect(card_of(leader, world.leader.full_name)).to_contain_text("1 lượt · 1 hộ")
    for phone in (youth, leader, deputy):
        assert (phone.errors, phone.foreign, phone.sockets) == ([], [], [])
    browser.close()


def test_reviewing_is_handed_over_for_some_days_and_taken_back(server: Server, playwright: Playwright) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    leader, chosen, other = (Person.arrive(browser, server.origin) for _ in range(3))
    for phone, who in ((leader, world.leader), (chosen, world.member), (other, world.second_member)):
        phone.join(invitation(server, who.id))
    record_visit(other)

    leader.page.get_by_role("link", name="Tổ của tôi").click()
    card_of(leader, world.member.full_name).get_by_role("button", name="Ủy quyền duyệt").click()
    dialog = leader.page.get_by_role("dialog")
    dialog.get_by_label("Đến ngày").fill("2020-01-01")
    dialog.get_by_role("button", name="Ủy quyền", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("92 ngày")
    dialog.get_by_label("Đến ngày").fill(dialog.get_by_label("Từ ngày").input_value())
    picture(leader, "delegation")
    dialog.get_by_role("button", name="Ủy quyền", exact=True).click()
    expect(card_of(leader, world.member.full_name)).to_contain_text("Được ủy quyền duyệt từ", timeout=30_000)

    chosen.open("/m/members/")
    expect(card_of(chosen, world.member.full_name)).to_contain_text("Được ủy quyền duyệt từ", timeout=30_000)
    chosen.lose_network()
    chosen.close_and_reopen("/m/review/")
    expect(chosen.page.get_by_text(world.second_member.full_name).first).to_be_visible()
    chosen.button("Duyệt").click()
    expect(chosen.page.get_by_text("Không còn phiếu nào chờ duyệt")).to_be_visible()
    chosen.find_network()
    expect(chosen.pill).to_have_text("Đã gửi hết", timeout=60_000)

    card_of(leader, world.member.full_name).get_by_role("button", name="Thu hồi ủy quyền").click()
    leader.page.get_by_role("dialog").get_by_role("button", name="Thu hồi ủy quyền").click()
    expect(leader.page.get_by_text("Đã thu hồi ủy quyền")).to_be_visible()
    for phone in (leader, chosen, other):
        assert (phone.errors, phone.foreign, phone.sockets) == ([], [], [])
    browser.close()
