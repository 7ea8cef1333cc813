"""`make phone`: the demo for real phones in this network, over HTTPS, with QR codes in the terminal."""

import socket
from pathlib import Path

from fieldapp.cli.demo import prepare_demo, print_qr
from fieldapp.cli.serve import serve
from fieldapp.cli.tls_front import Front, running
from fieldapp.config import settings
from fieldapp.i18n import text


def phone(port: int, plain_port: int, address: str = "", cert: Path | None = None, key: Path | None = None) -> None:
    """Serves the demo behind Caddy; only Caddy listens to the network.

    Raises RuntimeError, with Caddy's own words, where it cannot start: a port is taken, a certificate is not one.
    """
    front = Front(
        address=address or lan_address(),
        port=port,
        plain_port=plain_port,
        behind=_free_port(),
        folder=settings().data_dir.resolve() / "phone",
        cert=cert.resolve() if cert else None,
        key=key.resolve() if key else None,
    )
    with running(front):
        prepare_demo(
            FIELDAPP_PUBLIC_ORIGIN=front.origin,
            FIELDAPP_HOST="127.0.0.1",
            FIELDAPP_PORT=str(front.behind),
            FIELDAPP_PROXIES="127.0.0.1",
        )
        if front.authority_page:
            print(text("cli.phone_authority", page=front.authority_page))
            print_qr(front.authority_page)
        serve()


def lan_address() -> str:
    """This machine's address in its network: what it would send from. No packet is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
