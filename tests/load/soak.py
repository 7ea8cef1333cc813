"""`make soak`: fifty phones through a storm day on the real server, which is killed ten times and once restored.

The phones are those of tests/histories. SOAK_MINUTES (30) is how long the day takes here; meanwhile the desk's
dashboards are read and timed. At the end nothing may be lost or doubled, every counter must equal the raw visits, and
no dashboard may have taken longer than a second: else the exit code is 1.
"""

import asyncio
import base64
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from fieldapp.config import ROOT
from fieldapp.db import Database
from fieldapp.domain.archive import MANIFEST
from fieldapp.services.reconciliation import reconcile
from models.account import Role
from models.unit import Unit
from tests import build, postgres
from tests.conftest import TEMPLATE, _prepare, on_server
from tests.e2e.stage import use_server_settings
from tests.histories.base import PostgresBase
from tests.histories.ledger import Ledger
from tests.histories.phones import Phones
from tests.histories.place import PHONES, Place, settle
from tests.histories.truth import Truth, read_truth
from tests.histories.verdict import Looks, judge
from tests.load.dashboards import Dashboards
from tests.load.servers import ProductOn

PLACES, KILLS = 10, 10
BACKUP_AT, RESTORE_AT = 0.35, 0.6
"""Parts of the day; the kills are spread over all of it."""

PAUSE_MS = 9000
"""Between two deeds of a phone, on average."""

RESTORED = "restored"
SLOWEST = 1.0
ROUNDS = 40


class Soak:
    def __init__(self, server: ProductOn, socket: str, loop: asyncio.Runner) -> None:
        self.server, self.socket, self.loop, self.phones = server, socket, loop, Phones()
        self.db = Database(server.address)
        self.places: list[Place] = []
        self.dashboards: Dashboards
        self.kills = self.restores = 0
        self.results: Counter[str] = Counter()

    def names(self, place: Place) -> dict[str, str]:
        """The driver's name of each of a place's phones -> the phone."""
        return {f"{self.places.index(place)}-{phone}": phone for phone in PHONES}

    def prepare(self) -> None:
        self.loop.run(self._people())
        cookies = {n: f"toso-p0={place.tokens[p]}" for place in self.places for n, p in self.names(place).items()}
        self.server.start()
        self.phones.start()
        self.phones.do("world", origin=self.server.origin, phones=cookies, picture=_picture())
        for name in cookies:
            self.phones.do("join", phone=name)

    async def _people(self) -> None:
        for position, code in enumerate(("VNEID", "DVC", "SSK"), 1):
            await build.platform(self.db, code, position)
        province = await build.province(self.db)
        assert province.id is not None
        for _ in range(PLACES):
            async with self.db.write() as session:
                self.places.append(await settle(session, province.id))
        async with self.db.read() as session:
            commune = await session.get_one(Unit, self.places[0].commune)
        heads = await build.account(self.db, province, Role.PROVINCE_OFFICER)
        officer = await build.account(self.db, commune, Role.COMMUNE_OFFICER)
        self.dashboards = Dashboards(*[await build.principal(self.db, who) for who in (heads, officer)])

    def storm(self, minutes: float) -> None:
        """The day: what happens to the server happens at its time, and between it the desk reads."""
        every = [(name, phone in ("binh", "duc")) for place in self.places for name, phone in self.names(place).items()]
        began, length = time.monotonic(), minutes * 60
        deeds: list[tuple[float, Callable[[], None]]] = [((n + 0.5) / KILLS, self.kill) for n in range(KILLS)]
        deeds += [(BACKUP_AT, self.back_up), (RESTORE_AT, self.restore)]
        self.phones.do("storm", phones=every, pause=PAUSE_MS)
        for part, deed in sorted(deeds, key=lambda one: one[0]):
            self._read_until(began + part * length)
            deed()
            print(f"{time.monotonic() - began:6.0f} s  {deed.__name__}", flush=True)
        self._read_until(began + length)

    def _read_until(self, moment: float) -> None:
        while time.monotonic() < moment:
            self.loop.run(self.dashboards.look(self.db))
            time.sleep(min(0.5, max(0.0, moment - time.monotonic())))

    def kill(self) -> None:
        self.server.kill()
        self.server.start()
        self.kills += 1

    def back_up(self) -> None:
        """By the product's own command, while phones go on pushing."""
        self._command("backup", "--plain", "--to", str(self._backups))

    def restore(self) -> None:
        """The machine is lost: another folder, an empty database, and what the backup holds."""
        self.server.kill()
        self.loop.run(self.db.close())
        address = postgres.url(self.socket, RESTORED)
        self.loop.run(on_server(self.socket, f"CREATE DATABASE {RESTORED}"))
        folder = self.server.folder / "restored"
        self.server.environment |= {"FIELDAPP_DATABASE_URL": address, "FIELDAPP_DATA_DIR": str(folder)}
        newest = max(path for path in self._backups.iterdir() if (path / MANIFEST).exists())
        self._command("restore", str(newest))
        self.db = Database(address)
        self.restores += 1
        self.server.start()

    def _command(self, *words: str) -> None:
        command = [sys.executable, "-m", "fieldapp", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.server.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")

    @property
    def _backups(self) -> Path:
        return self.server.folder / "backups"

    def settle_down(self) -> dict[str, Ledger]:
        """The storm ends, everybody has network, and it goes on until nothing moves; what each place's phones said."""
        ledgers = {name: Ledger(clocks_moved=True) for name in self._by_name()}
        for name, answer in self.phones.do("calm"):
            if "error" in answer:
                raise RuntimeError(f"{name}: {answer['error']}")
            ledgers[name].note(name, answer)
        everybody = [[name, "a"] for name in ledgers]
        for name in ledgers:
            self.phones.do("release", phone=name)
            self.phones.do("clock", phone=name, by=10_000)
        for _ in range(ROUNDS):
            undecoded = self._undecoded()
            sent = self.phones.do("send", pages=everybody)
            if not sent["written"] and not undecoded:
                looks = [self.phones.do("look", phone=name)["phase"] for name in ledgers]
                if set(looks) == {"idle"}:
                    return ledgers
            time.sleep(0.5)
        raise AssertionError(f"no rest after {ROUNDS} rounds")

    def _by_name(self) -> dict[str, Place]:
        return {name: place for place in self.places for name in self.names(place)}

    def _undecoded(self) -> bool:
        return any(str(photo["state"]) == "accepted" for place in self.places for photo in self._truth(place).photos)

    def _truth(self, place: Place) -> Truth:
        async def read() -> Truth:
            async with self.db.read() as session:
                return await read_truth(session, place)

        return self.loop.run(read())

    def judge(self, ledgers: dict[str, Ledger]) -> list[str]:
        wrong = []
        for place in self.places:
            ledger, looks = Ledger(clocks_moved=True, restored=True), {}
            for name, phone in self.names(place).items():
                ledger.take_in(ledgers[name], phone)
                looks[phone] = self.phones.do("look", phone=name)
            wrong += judge(place, ledger, looks, self._truth(place), None)
            self._count(looks)
        return wrong + self._reconciled()

    def _count(self, looks: Looks) -> None:
        for look in looks.values():
            self.results.update(f"{r['kind']} {r['result']} {r['code'] or ''}".strip() for r in look["records"])

    def _reconciled(self) -> list[str]:
        async def prove() -> list[str]:
            async with self.db.write() as session:
                found = await reconcile(session)
            return [] if found.right else [f"counters differ: {found.wrong}"]

        return self.loop.run(prove())


def _picture() -> str:
    """A picture of about 40 KB, which every photo of the day begins with."""
    buffer = BytesIO()
    Image.effect_noise((160, 120), 40).resize((640, 480)).convert("RGB").save(buffer, "JPEG", quality=70)
    return base64.b64encode(buffer.getvalue()).decode()


@contextmanager
def staged() -> Iterator[Soak]:
    with tempfile.TemporaryDirectory(prefix="toso-soak-") as name, postgres.server(durable=True) as socket:
        asyncio.run(on_server(socket, f"CREATE DATABASE {TEMPLATE}"))
        asyncio.run(_prepare(postgres.url(socket, TEMPLATE)))
        base = PostgresBase(socket, TEMPLATE)
        server = ProductOn(Path(name), base.url)
        server.environment["FIELDAPP_RATE_SESSION"] = "0"
        with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as loop:
            use_server_settings(server, patch)
            loop.run(base.make())
            soak = Soak(server, socket, loop)
            try:
                yield soak
            finally:
                soak.phones.stop()
                server.kill()
                loop.run(soak.db.close())


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    minutes = float(os.environ.get("SOAK_MINUTES", "30"))
    with staged() as soak:
        soak.prepare()
        soak.storm(minutes)
        wrong = soak.judge(soak.settle_down())
        slow = [] if soak.dashboards.slowest <= SLOWEST else [f"a dashboard took {soak.dashboards.slowest:.2f} s"]
        facts = [
            ("phones", str(PLACES * len(PHONES))), ("minutes", f"{minutes:g}"),
            ("kills of the server", str(soak.kills)), ("restores", str(soak.restores)),
            *[(name, str(n)) for name, n in sorted(soak.results.items())],
            ("lost, doubled or wrong", str(len(wrong))),
        ]  # fmt: skip
    _print(("", ""), facts)
    _print(("dashboard", "asked", "p50 ms", "p95 ms", "slowest ms"), soak.dashboards.rows())
    for one in [*wrong, *slow]:
        print(one)
    return 1 if wrong or slow else 0


def _print(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        print("| " + " | ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) + " |")
    print()


if __name__ == "__main__":
    sys.exit(main())
