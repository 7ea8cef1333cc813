"""Caddy before the product on this machine: HTTPS for phones in the same network.

A phone gives camera, storage and worker to https alone. Caddy is its own authority here, or is given a certificate;
whoever must trust the authority first finds it on a plain http page, with words on where to put it.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

import httpx

from fieldapp.i18n import LOCALES, text

PAGE = Template(Path(__file__).with_name("authority_page.html").read_text("utf-8"))
AUTHORITY = "to-so.crt"
STEPS = ("android_1", "android_2", "android_3", "ios_1", "ios_2", "ios_3")
_CADDYFILE = """\
{{
	admin off
	skip_install_trust
	auto_https disable_redirects
	default_sni {address}
	storage file_system "{folder}"
	servers {{
		protocols h1 h2
	}}
	log {{
		level ERROR
	}}
}}

https://{address}:{port} {{
	tls {tls}
	reverse_proxy 127.0.0.1:{behind}
}}
"""
_PLAIN = """
http://:{plain_port} {{
	handle /{authority} {{
		root * "{folder}/pki/authorities/local"
		rewrite * /root.crt
		header Content-Type application/x-x509-ca-cert
		header Content-Disposition `attachment; filename="{authority}"`
		file_server
	}}
	handle {{
		root * "{folder}/page"
		try_files {{path}} /index.html
		header Cache-Control no-store
		file_server
	}}
}}
"""


@dataclass(frozen=True)
class Front:
    """Where phones come in, and what stands behind. Without a certificate of its own it is its own authority."""

    address: str
    port: int
    plain_port: int
    behind: int
    folder: Path
    cert: Path | None = None
    key: Path | None = None

    @property
    def origin(self) -> str:
        return f"https://{self.address}" + ("" if self.port == 443 else f":{self.port}")

    @property
    def authority_page(self) -> str:
        """The plain page's address; empty where phones trust the given certificate already."""
        return "" if self.cert else f"http://{self.address}:{self.plain_port}/"

    def caddyfile(self) -> str:
        tls = f'"{self.cert}" "{self.key}"' if self.cert else "internal"
        given = {"address": self.address, "port": self.port, "behind": self.behind, "folder": self.folder, "tls": tls}
        plain = _PLAIN.format(plain_port=self.plain_port, folder=self.folder, authority=AUTHORITY)
        return _CADDYFILE.format(**given) + ("" if self.cert else plain)

    def write(self) -> Path:
        """Puts the configuration and the plain page into the folder."""
        page = self.folder / "page"
        page.mkdir(parents=True, exist_ok=True)
        (page / "index.html").write_text(authority_page(self.origin), "utf-8")
        config = self.folder / "Caddyfile"
        config.write_text(self.caddyfile(), "utf-8")
        return config


def find_caddy() -> str:
    """The program: the one that came with this environment, else one on the PATH. Raises FileNotFoundError."""
    beside = shutil.which("caddy", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("caddy")
    if found is None:
        raise FileNotFoundError("caddy")
    return found


@contextmanager
def running(front: Front) -> Iterator[None]:
    """Caddy for as long as the block runs, ready when the block begins. Raises RuntimeError if it cannot start."""
    command = [find_caddy(), "run", "--adapter", "caddyfile", "--config", str(front.write())]
    with (front.folder / "caddy.log").open("wb") as log:
        caddy = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(front, caddy)
        yield
    finally:
        caddy.terminate()
        caddy.wait()


def _wait(front: Front, caddy: subprocess.Popen[bytes]) -> None:
    """Until it answers on its own port; what stands behind need not run yet."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if caddy.poll() is not None:
            raise RuntimeError((front.folder / "caddy.log").read_text("utf-8"))
        try:
            httpx.get(front.origin, verify=False, timeout=5)
            return
        except httpx.TransportError:
            continue
    raise TimeoutError("caddy")


def authority_page(origin: str) -> str:
    """The plain page, in both languages: what to do once on this phone, and where Tổ Số is."""
    sections = "".join(_section(locale, origin) for locale in LOCALES)
    return PAGE.substitute(title=escape(text("authority.title")), sections=sections)


def _section(locale: str, origin: str) -> str:
    words = {name: escape(text(f"authority.{name}", locale)) for name in ("title", "why", "get", "open", *STEPS)}
    android, ios = ("".join(f"<li>{words[f'{kind}_{n}']}</li>" for n in (1, 2, 3)) for kind in ("android", "ios"))
    return (
        f'<section lang="{locale}"><h1>{words["title"]}</h1><p>{words["why"]}</p>'
        f'<p><a class="button" href="/{AUTHORITY}">{words["get"]}</a></p>'
        f"<h2>Android</h2><ol>{android}</ol><h2>iPhone</h2><ol>{ios}</ol>"
        f'<p><a class="button" href="{escape(origin)}/m/">{words["open"]}</a></p></section>'
    )
