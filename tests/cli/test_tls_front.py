"""Caddy before the product: a phone that trusts its authority, or the given certificate, gets in."""

import ssl
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx
import pytest

from fieldapp.cli.phone import lan_address
from fieldapp.cli.tls_front import AUTHORITY, Front, authority_page, find_caddy, running
from fieldapp.config import ROOT
from fieldapp.i18n import LOCALES, catalogue
from tests import apt
from tests.e2e.stage import free_port

EXAMPLES = ROOT / "docs" / "deploy"


class Behind(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["Host"].encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def behind() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Behind)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


def front(folder: Path, behind: int, **given: Path) -> Front:
    return Front("127.0.0.1", free_port(), free_port(), behind, folder, **given)


def trusting(authority: bytes | Path) -> httpx.Client:
    context = ssl.create_default_context(cadata=authority.decode() if isinstance(authority, bytes) else None)
    if isinstance(authority, Path):
        context.load_verify_locations(authority)
    return httpx.Client(verify=context)


def test_who_trusts_the_authority_from_the_plain_page_gets_in_and_nobody_else(tmp_path: Path, behind: int) -> None:
    caddy = front(tmp_path, behind)
    with running(caddy):
        page = httpx.get(caddy.authority_page)
        authority = httpx.get(f"{caddy.authority_page}{AUTHORITY}")
        assert authority.headers["content-type"] == "application/x-x509-ca-cert"
        with trusting(authority.content) as phone:
            assert phone.get(caddy.origin).text == urlsplit(caddy.origin).netloc
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            httpx.get(caddy.origin)
    assert f'href="/{AUTHORITY}"' in page.text
    assert f'href="{caddy.origin}/m/"' in page.text
    with pytest.raises(httpx.ConnectError):
        httpx.get(caddy.authority_page)


def test_a_given_certificate_is_shown_and_needs_no_page(tmp_path: Path, behind: int) -> None:
    own = front(tmp_path / "own", behind)
    with running(own):
        [issued] = (tmp_path / "own" / "certificates" / "local").rglob("*.crt")
        root = tmp_path / "own" / "pki" / "authorities" / "local" / "root.crt"
        given = front(tmp_path / "given", behind, cert=issued, key=issued.with_suffix(".key"))
        assert given.authority_page == ""
        with running(given), trusting(root) as phone:
            assert phone.get(given.origin).status_code == 200


def test_a_port_that_is_taken_is_said(tmp_path: Path, behind: int) -> None:
    taken = Front("127.0.0.1", behind, free_port(), behind, tmp_path)
    with pytest.raises((RuntimeError, TimeoutError)), running(taken):
        pass


@pytest.mark.parametrize("locale", LOCALES)
def test_the_plain_page_speaks_both_languages(locale: str) -> None:
    words = [text for key, text in catalogue(locale).items() if key.startswith("authority.")]
    assert [text for text in words if text not in authority_page("https://192.168.1.7:8443")] == []


def test_caddy_takes_the_example_for_a_real_server(tmp_path: Path) -> None:
    validate = [find_caddy(), "validate", "--adapter", "caddyfile", "--config", str(EXAMPLES / "Caddyfile")]
    done = subprocess.run(validate, capture_output=True, text=True, env={"HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr


def test_nginx_takes_the_example_for_a_real_server(tmp_path: Path, behind: int) -> None:
    """As it stands but for the certificate, which is one of a Caddy."""
    nginx = apt.find_or_install("nginx", "nginx-light")
    own = front(tmp_path / "own", behind)
    with running(own):
        [issued] = (tmp_path / "own" / "certificates" / "local").rglob("*.crt")
        example = (EXAMPLES / "nginx.conf").read_text("utf-8").replace("/etc/ssl/toso/fullchain.pem", str(issued))
        example = example.replace("/etc/ssl/toso/privkey.pem", str(issued.with_suffix(".key")))
        config = tmp_path / "nginx.conf"
        config.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {example} }}", "utf-8")
        done = subprocess.run([nginx, "-t", "-q", "-c", str(config)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_address_is_found() -> None:
    assert lan_address().count(".") == 3
