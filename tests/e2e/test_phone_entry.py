"""A phone gets in over HTTPS in the local network: real Caddy, real Chromium that trusts Caddy's authority."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Playwright, expect

from fieldapp.cli.tls_front import AUTHORITY, Front, running
from tests import apt, build
from tests.e2e.browser import find_or_install
from tests.e2e.people import DESK, FLAGS, Person
from tests.e2e.stage import Server, free_port, invitation, use_server_settings


@pytest.fixture
def front(built_site: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Front]]:
    """A server that only Caddy reaches, as `make phone` starts it."""
    server = Server(tmp_path / "server")
    caddy = Front("127.0.0.1", free_port(), free_port(), server.port, tmp_path / "phone")
    server.environment |= {"FIELDAPP_PUBLIC_ORIGIN": caddy.origin, "FIELDAPP_HOST": "127.0.0.1"}
    server.environment["FIELDAPP_PROXIES"] = "127.0.0.1"
    use_server_settings(server, monkeypatch)
    server.prepare()
    server.start()
    with running(caddy):
        yield server, caddy
    server.kill()


@pytest.fixture
def trusting(front: tuple[Server, Front], playwright: Playwright, tmp_path: Path) -> Iterator[Browser]:
    """A Chromium whose owner has installed the authority from the plain page."""
    certificate = tmp_path / AUTHORITY
    certificate.write_bytes(httpx.get(front[1].authority_page + AUTHORITY).content)
    store = tmp_path / "home" / ".pki" / "nssdb"
    store.mkdir(parents=True)
    certutil = [apt.find_or_install("certutil", "libnss3-tools"), "-d", f"sql:{store}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    subprocess.run([*certutil, "-A", "-n", "toso", "-t", "C,,", "-i", str(certificate)], check=True)
    path, home = find_or_install(), {"HOME": str(tmp_path / "home")}
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS, env={**os.environ, **home})
    yield browser
    browser.close()


def test_a_phone_that_trusts_the_authority_has_all_that_https_gives(
    front: tuple[Server, Front], trusting: Browser
) -> None:
    server, caddy = front
    world = server.do(build.world)
    member = Person.arrive(trusting, caddy.origin)
    member.join(invitation(server, world.member.id))
    assert member.page.evaluate(
        "isSecureContext && 'locks' in navigator && !!crypto.subtle && !!navigator.mediaDevices"
    )
    [cookie] = [c for c in member.context.cookies() if "toso" in c.get("name", "")]
    assert (cookie.get("name"), cookie.get("secure"), cookie.get("httpOnly")) == ("__Host-toso-p0", True, True)

    member.lose_network()
    member.close_and_reopen("/m/")
    expect(member.pill).to_have_text("Ngoại tuyến")
    member.find_network()
    assert member.foreign == []
    assert member.errors == []

    desk = Person.arrive(trusting, caddy.origin, DESK)
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(world.commune_officer.username)
    desk.page.get_by_label("Mật khẩu").fill(build.PASSWORD)
    desk.button("Đăng nhập").click()
    expect(desk.page.locator(".figure.done b")).to_have_text("0")
    assert [url for url in desk.sockets if not url.startswith(caddy.origin.replace("http", "ws"))] == []
    assert desk.sockets
