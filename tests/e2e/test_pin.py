"""A PIN on a phone: it shows nothing without it and still sends; a forgotten one loses nothing."""

import re
from pathlib import Path

from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from models.visit import Photo, PhotoState, Visit
from tests import build, pictures
from tests.e2e.people import PHONE, Person, launch
from tests.e2e.stage import Server, invitation, wait_until
from tests.e2e.test_rescue import record_offline
from tests.e2e.test_screens import look_at

PIN, EASY = "804317", "123456"
LYING = """() => new Promise((done) => {
  const asked = indexedDB.open("toso");
  asked.onsuccess = async () => {
    const db = asked.result;
    const rows = {};
    for (const name of db.objectStoreNames) {
      rows[name] = await new Promise((found) => {
        db.transaction(name).objectStore(name).getAll().onsuccess = ({ target }) => found(target.result);
      });
    }
    db.close();
    done(JSON.stringify(rows, (_, v) => (v instanceof ArrayBuffer ? "open bytes" : v)));
  };
})"""
"""All that the phone's storage holds, as whoever takes it apart would read it."""


def visits(server: Server) -> list[tuple[str, str | None]]:
    """(state of the visit, state of its photo)."""

    async def read(db: Database) -> list[tuple[str, str | None]]:
        async with db.read() as session:
            joined = select(Visit.__table__.c.state, Photo.__table__.c.state).outerjoin(
                Photo.__table__, Photo.__table__.c.visit_id == Visit.__table__.c.id
            )
            return [(str(row[0]), row[1] and str(row[1])) for row in await session.execute(joined)]

    return server.do(read)


def type_pin(phone: Person, digits: str) -> None:
    for digit in digits:
        phone.page.get_by_role("button", name=digit, exact=True).click()


def look(phone: Person, name: str) -> None:
    found = [fault for theme in ("light", "dark") for fault in look_at(phone.page, f"phone-{name}", theme, PHONE)]
    assert found == []


def test_a_phone_behind_a_pin_shows_nothing_and_sends_all(
    server: Server, playwright: Playwright, tmp_path: Path
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    phone = Person.arrive(browser, server.origin, permissions=["camera"])
    phone.join(invitation(server, world.member.id))
    phone.open("/m/me/")
    assert "Nguyễn Văn 7" in phone.page.evaluate(LYING)
    phone.button("Đặt mã PIN").click()
    type_pin(phone, EASY)
    expect(phone.page.get_by_role("alert").filter(has_text="quá dễ đoán")).to_be_visible()
    look(phone, "pin-choose")
    type_pin(phone, PIN)
    expect(phone.page.get_by_text("Nhập lại mã PIN mới")).to_be_visible()
    phone.page.keyboard.type(PIN)
    expect(phone.page.get_by_text("Đang khóa")).to_be_visible()
    wait_until(lambda: '"whole":true' in phone.page.evaluate(LYING))
    look(phone, "me-pin")

    server.kill()
    phone.lose_network()
    (tmp_path / "picture.jpg").write_bytes(pictures.jpeg())
    phone.close_and_reopen("/m/")
    expect(phone.page.get_by_role("dialog", name="Tổ Số đang khóa")).to_be_visible()
    look(phone, "pin-locked")
    type_pin(phone, "111111")
    expect(phone.page.get_by_role("alert")).to_have_text("Mã PIN không đúng.")
    type_pin(phone, PIN)
    expect(phone.page.get_by_role("heading", name="Hôm nay", exact=True)).to_be_visible()
    record_with_pin(phone, "Nguyễn Văn 7", tmp_path / "picture.jpg")
    record_with_pin(phone, "Nguyễn Văn 8")
    expect(phone.pill).to_have_text("Ngoại tuyến · 2 chờ gửi")
    lying = phone.page.evaluate(LYING)
    assert not any(word in lying for word in ("Nguyễn Văn", "open bytes"))

    # Shut, and the network is back: all goes, and nothing is shown.
    phone.close_and_reopen("/m/households/")
    expect(phone.page.get_by_role("dialog", name="Tổ Số đang khóa")).to_be_visible()
    server.start()
    phone.find_network()
    phone.close_and_reopen("/m/households/")
    wait_until(lambda: sorted(visits(server), key=str) == [("waiting", PhotoState.READY), ("waiting", None)])
    expect(phone.page.get_by_text("Nguyễn Văn 7")).to_have_count(0)
    type_pin(phone, PIN)
    expect(phone.page.get_by_text("Nguyễn Văn 7").first).to_be_visible()
    expect(phone.pill).to_have_text("Đã gửi hết")
    assert len(visits(server)) == 2
    assert (phone.errors, phone.foreign, phone.sockets) == ([], [], [])
    browser.close()


def record_with_pin(phone: Person, head: str, picture: Path | None = None) -> None:
    """`record_offline` opens the list by its address, and so asks for the PIN once more: another loading of the app."""
    phone.open("/m/households/")
    type_pin(phone, PIN)
    expect(phone.button(re.compile(head)).first).to_be_visible()
    record_offline(phone, head, picture, opened=True)


def test_who_forgot_the_pin_has_all_sent_and_joins_anew(server: Server, playwright: Playwright) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    phone = Person.arrive(browser, server.origin)
    phone.join(invitation(server, world.member.id))
    phone.open("/m/me/")
    phone.button("Đặt mã PIN").click()
    type_pin(phone, PIN * 2)
    wait_until(lambda: '"whole":true' in phone.page.evaluate(LYING))
    phone.lose_network()
    record_with_pin(phone, "Nguyễn Văn 7")

    phone.close_and_reopen("/m/")
    phone.button("Quên mã PIN").click()
    expect(phone.page.get_by_text("1 phiếu chưa gửi")).to_be_visible()
    look(phone, "pin-forgot")
    phone.button("Gửi hết rồi xóa").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("Chưa gửi hết")
    with phone.page.expect_download() as download:
        phone.button("Lưu vào tệp đưa tổ trưởng").click()
    assert download.value.suggested_filename.endswith(".toso")
    expect(phone.page.get_by_text("Đã lưu vào tệp. Đưa tệp cho tổ trưởng.")).to_be_visible()
    phone.find_network()
    phone.page.get_by_role("button", name="Xóa khỏi máy này").click()
    expect(phone.page).to_have_url(re.compile(r"/m/join/"))
    assert visits(server) == [("waiting", None)]
    assert '"box"' not in phone.page.evaluate(LYING)
    phone.join(invitation(server, world.member.id))
    phone.open("/m/households/")
    expect(phone.page.get_by_text("Nguyễn Văn 7").first).to_be_visible()
    assert (phone.errors, phone.foreign, phone.sockets) == ([], [], [])
    browser.close()
