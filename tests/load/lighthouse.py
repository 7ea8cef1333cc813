"""`make lighthouse`: what Lighthouse says of the phone's main screens, each loaded by somebody who has joined.

It plays a slow phone on a slow network and clears the worker's copies before each load: every byte is asked for.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from fieldapp.config import ROOT
from fieldapp.db import Database
from tests import build
from tests.e2e.browser import find_or_install
from tests.e2e.people import FLAGS, PHONE, Person
from tests.e2e.stage import Server, free_port, invitation, use_server_settings, wait_until
from tests.load.figures import Figure, print_figures

TOOL = ROOT / "build" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
SCREENS = {"Hôm nay": "/m/", "Quét": "/m/scan/", "Ghi nhận": "/m/record/", "Duyệt": "/m/review/"}
LEAST = {"performance": 90, "accessibility": 100, "best-practices": 100}
ROUNDS = 3
OWN_BROWSER = (
    *FLAGS, "--headless", "--password-store=basic", "--use-mock-keychain", "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="toso-lighthouse-") as name, pytest.MonkeyPatch.context() as patch:
        server = Server(Path(name) / "server")
        use_server_settings(server, patch)
        server.prepare()
        server.start()
        try:
            _join(server, Path(name) / "profile")
            with _running(Path(name) / "profile") as port:
                seen = {screen: _look(server.origin + path, port, Path(name)) for screen, path in SCREENS.items()}
        finally:
            server.kill()
    print_figures(
        "Lighthouse, mobile", [figure for screen, rounds in seen.items() for figure in _figures(screen, rounds)]
    )
    for screen, rounds in seen.items():
        _print_faults(screen, rounds[-1])


def _join(server: Server, profile: Path) -> None:
    """A leader's phone with visits to review and one that is being recorded."""
    world = server.do(build.world)
    server.do(lambda db: _visits(db, world))
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=find_or_install(),
            args=list(OWN_BROWSER),
            viewport=PHONE,
            locale="vi-VN",  # type: ignore[arg-type]
        )
        phone = Person(context, server.origin, context.pages[0])
        phone.join(invitation(server, world.leader.id or 0))
        phone.open(f"/m/household/?id={world.households[-1].id}")
        phone.button("Ghi nhận hỗ trợ").click()
        phone.button("VNEID").click()
        expect(phone.button("VNEID")).to_have_attribute("aria-pressed", "true")
        context.close()


async def _visits(db: Database, world: build.World) -> None:
    homes = world.households
    await build.send(db, world.member, *[build.visit(world.member, home, "VNEID", "DVC") for home in homes[:8]])
    await build.send(db, world.leader, *[build.visit(world.leader, home, "SSK") for home in homes[8:11]])


@contextmanager
def _running(profile: Path) -> Iterator[int]:
    """The browser that has joined, and the port at which it is spoken to."""
    port = free_port()
    opened = [*OWN_BROWSER, f"--user-data-dir={profile}", f"--remote-debugging-port={port}", "about:blank"]
    browser = subprocess.Popen([find_or_install(), *opened], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(port))
        yield port
    finally:
        browser.terminate()
        browser.wait()


def _answers(port: int) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/json/version").is_success
    return False


def _look(address: str, port: int, folder: Path) -> list[dict[str, Any]]:
    reports = []
    for n in range(ROUNDS):
        written = folder / f"report-{n}.json"
        options = ["--quiet", "--output=json", f"--output-path={written}", f"--port={port}", "--locale=en"]
        only = f"--only-categories={','.join(LEAST)}"
        environment = {**os.environ, "LIGHTHOUSE_CHROMIUM_PATH": str(find_or_install())}
        subprocess.run(["node", TOOL, address, *options, only], check=True, env=environment)
        reports.append(json.loads(written.read_text("utf-8")))
    return reports


def _score(report: dict[str, Any], category: str) -> float:
    return 100 * report["categories"][category]["score"]


def _figures(screen: str, reports: list[dict[str, Any]]) -> list[Figure]:
    def of(name: str) -> float:
        return median(report["audits"][name]["numericValue"] for report in reports)

    scores = [
        Figure(
            f"{screen}, {category}", median(_score(report, category) for report in reports), "", least, at_least=True
        )
        for category, least in LEAST.items()
    ]
    times = {"largest-contentful-paint": "largest paint", "total-blocking-time": "blocked"}
    return scores + [Figure(f"{screen}, {words}", of(name), "ms") for name, words in times.items()]


def _print_faults(screen: str, report: dict[str, Any]) -> None:
    """What keeps accessibility and best practices from all that they could be."""
    for category in ("accessibility", "best-practices"):
        for one in report["categories"][category]["auditRefs"]:
            audit = report["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 1:
                print(f"{screen}, {category}: {audit['title']}")
                print(json.dumps(audit.get("details", {}).get("items", [])[:3], ensure_ascii=False)[:600])


if __name__ == "__main__":
    main()
