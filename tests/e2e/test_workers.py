"""Two workers over PostgreSQL and Redis: a phone meets either, and one that is killed takes nothing along."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import psutil
import pytest
from sqlalchemy import func, select

from fieldapp.db import Database
from fieldapp.services.reconciliation import reconcile
from models.visit import Photo, PhotoState, Visit
from tests import build, pictures
from tests.e2e.cluster import WORKERS, Cluster
from tests.e2e.stage import Server, wait_until

PHONES, BATCHES, SIZE = 4, 12, 5


@pytest.fixture
def given(running_cluster: Cluster) -> dict[str, str]:
    """Several workers, whatever the rest of the run is on."""
    return running_cluster.settings()


@pytest.fixture
def world(server: Server) -> build.World:
    return server.do(build.world)


class Phone:
    """Sends until it is answered, as the product's outbox does, and on a new connection each time."""

    def __init__(self, server: Server, world: build.World) -> None:
        self.server = server
        token = server.do(lambda db: build.sign_in(db, world.member))
        self.headers = {"Origin": server.origin, "X-Slot": "p0", "Cookie": f"toso-p0={token}"}
        self.batches = [
            [build.visit(world.member, world.households[(n + place) % 12]) for place in range(SIZE)]
            for n in range(BATCHES)
        ]
        self.results: list[str] = []

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        while True:
            try:
                headers = self.headers | options.pop("headers", {})
                answer = httpx.request(method, self.server.origin + path, headers=headers, timeout=30, **options)
            except httpx.TransportError:
                continue
            if answer.status_code < 500:
                return answer

    def push_all(self, half_done: threading.Event) -> None:
        for number, batch in enumerate(self.batches):
            answer = self.call("POST", "/api/v1/sync/push", json=build.push_body(*batch))
            self.results += [result["result"] for result in answer.json()["results"]]
            if number == BATCHES // 3:
                half_done.set()


def worked(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


@pytest.fixture
def threads() -> Iterator[list[threading.Thread]]:
    started: list[threading.Thread] = []
    yield started
    for thread in started:
        thread.join(120)
        assert not thread.is_alive()


def test_a_worker_killed_while_phones_push_loses_and_doubles_nothing(
    server: Server, world: build.World, threads: list[threading.Thread]
) -> None:
    phones = [Phone(server, world) for _ in range(PHONES)]
    before = {process.pid: worked(process) for process in server.workers()}
    assert len(before) == WORKERS
    half_done = threading.Event()
    threads += [threading.Thread(target=phone.push_all, args=(half_done,)) for phone in phones]
    for thread in threads:
        thread.start()
    assert half_done.wait(60)
    victim, *others = server.workers()
    for process in (victim, *others):
        assert worked(process) > before[process.pid]
    victim.kill()
    for thread in threads:
        thread.join(120)

    sent = {UUID(record["id"]) for phone in phones for batch in phone.batches for record in batch}
    assert [len(phone.results) for phone in phones] == [BATCHES * SIZE] * PHONES
    assert {result for phone in phones for result in phone.results} <= {"created", "identical"}

    async def stored(db: Database) -> tuple[list[UUID], bool]:
        async with db.write() as session:
            right = (await reconcile(session)).right
            return list((await session.execute(select(Visit.id))).scalars()), right

    ids, right = server.do(stored)
    assert len(ids) == len(sent)
    assert set(ids) == sent
    assert right


def test_a_photo_sent_in_pieces_to_either_worker_is_shown(server: Server, world: build.World) -> None:
    phone = Phone(server, world)
    content = pictures.jpeg()
    record = build.visit(world.member, world.households[0], photos=pictures.named(content))
    phone.call("POST", "/api/v1/sync/push", json=build.push_body(record))
    place = f"/api/v1/visits/{record['id']}/photos/{pictures.sha256(content)}"
    at = 0
    while at < len(content):
        head = {"Upload-Offset": str(at)}
        at = int(phone.call("PATCH", place, content=content[at : at + 8192], headers=head).headers["Upload-Offset"])
        assert int(phone.call("HEAD", place).headers["Upload-Offset"]) == at
    wait_until(lambda: phone.call("HEAD", place).headers["Upload-State"] == PhotoState.READY)

    async def ready(db: Database) -> int:
        async with db.read() as session:
            query = select(func.count()).select_from(Photo).where(Photo.state == PhotoState.READY)
            return (await session.execute(query)).scalar_one()

    assert server.do(ready) == 1
