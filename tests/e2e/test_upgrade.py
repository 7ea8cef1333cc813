"""A new build comes while a phone has unsent records, a form and two tabs open: offered, never forced, nothing lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, Playwright, expect
from sqlalchemy import select

from fieldapp.db import Database
from models.visit import Visit
from tests import build
from tests.e2e.next_build import STAMP, ServedSite
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation, use_server_settings, wait_until

VISITS = Visit.__table__
PUSH = "**/api/v1/sync/push"
IS_NEXT = f"[...document.querySelectorAll('link, script')].some((e) => (e.href || e.src || '').includes('{STAMP}.'))"


@pytest.fixture
def served(built_site: None, tmp_path: Path) -> ServedSite:
    return ServedSite(tmp_path)


@pytest.fixture
def server(served: ServedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server(tmp_path / "server", {"REFLEX_WEB_WORKDIR": str(served.web)})
    use_server_settings(server, monkeypatch)
    server.prepare()
    server.start()
    yield server
    server.kill()


def _begin(page: Page, name: str) -> None:
    page.get_by_role("link", name="Chọn hộ").click()
    page.get_by_role("button", name=re.compile(f"{name}$|{name} ")).first.click()
    page.get_by_role("button", name="Ghi nhận hỗ trợ").click()
    page.get_by_role("button", name="VNEID").click()
    page.get_by_role("button", name="Đã cài đặt").click()


def _is_next(page: Page) -> bool:
    """Whether the page runs the next build; one that is just being loaded does not yet."""
    try:
        return page.evaluate(IS_NEXT)
    except Error:
        return False


def _stored(server: Server) -> list[str]:
    async def read(db: Database) -> list[str]:
        async with db.read() as session:
            return list((await session.execute(select(VISITS.c.note).order_by(VISITS.c.id))).scalars())

    return server.do(read)


def test_a_new_build_is_offered_taken_by_one_tab_and_followed_by_the_other(
    served: ServedSite, server: Server, playwright: Playwright
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    member = Person.arrive(browser, server.origin)
    member.join(invitation(server, world.member.id))
    first = member.page
    member.context.route(PUSH, lambda route: route.abort())
    _begin(first, "Nguyễn Văn 7")
    first.get_by_label("Ghi chú").fill("chưa gửi")
    first.get_by_role("button", name="Lưu").click()
    expect(first.get_by_text("Đã lưu trên máy")).to_be_visible()

    # Another tab, in the middle of a form.
    second = member.context.new_page()
    second.goto(f"{server.origin}/m/")
    _begin(second, "Nguyễn Văn 8")
    note = second.get_by_label("Ghi chú")
    note.fill("đang ghi dở")

    server.kill()
    served.build_next()
    server.start()
    first.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
    offer = first.get_by_role("button", name="Dùng bản mới")
    expect(offer).to_be_visible(timeout=60_000)
    assert not _is_next(first)

    # One tab takes it. The other stays with what it is doing, and is not left without its files.
    offer.click()
    wait_until(lambda: _is_next(first))
    expect(first.get_by_text("Đang ghi dở: hộ 8")).to_be_visible()
    expect(note).to_have_value("đang ghi dở")
    assert not _is_next(second)
    note.fill("ghi xong")
    second.get_by_role("button", name="Lưu").click()
    expect(second).to_have_url(re.compile(r"/m/$"))
    wait_until(lambda: _is_next(second))

    # Everything arrives, once.
    member.context.unroute(PUSH)
    first.goto(f"{server.origin}/m/outbox/")
    first.get_by_role("button", name="Gửi ngay").click()
    expect(member.pill).to_have_text("Đã gửi hết", timeout=60_000)
    wait_until(lambda: _stored(server) == ["chưa gửi", "ghi xong"])
    expect(second.locator(".sync-pill")).to_have_text("Đã gửi hết", timeout=60_000)
    assert _is_next(first)
    assert _is_next(second)
    assert member.errors == []
    browser.close()
