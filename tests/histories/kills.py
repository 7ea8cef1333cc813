"""A server that is killed just before every step of a request, one step after the other: statements and commits.

The same deed is done again and again, each time by other people in another commune, so that no run sees what another
left behind. How many steps there are is asked of the server first.
"""

import asyncio
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from models.household import Household
from models.member import Member
from tests import build
from tests.histories.counting import check_counters
from tests.histories.place import Place, settle
from tests.histories.server import Process
from tests.histories.truth import Truth, read_truth

HOUSEHOLDS = Household.__table__
PICTURE = os.urandom(4000)
PHOTO = {"sha256": hashlib.sha256(PICTURE).hexdigest(), "bytes": len(PICTURE), "type": "image/jpeg"}


@dataclass
class Scene:
    """A fresh commune with phones that know how to speak to the server."""

    server: Process
    place: Place
    homes: Sequence[Household]
    made: dict[str, Any] = field(default_factory=dict)

    def member(self, who: str) -> Member:
        return Member(id=self.place.members[who], full_name=who, key=who)

    def call(self, phone: str, method: str, path: str, fault: str = "", **content: Any) -> httpx.Response:
        headers = {"Origin": self.server.origin, "X-Slot": "p0", "Cookie": f"toso-p0={self.place.tokens[phone]}"}
        headers |= content.pop("headers", {}) | ({"X-Test-Fault": fault} if fault else {})
        return self.server.client.request(method, f"/api/v1/{path}", headers=headers, **content)

    def push(self, phone: str, *records: dict[str, Any], fault: str = "") -> httpx.Response:
        return self.call(phone, "POST", "sync/push", fault, json=build.push_body(*records))

    def visit(self, who: str, home: int = 0, **given: Any) -> dict[str, Any]:
        return build.visit(self.member(who), self.homes[home], "VNEID", "DVC", **given)

    def on_server(self, *records: dict[str, Any]) -> None:
        """Records that were there before the deed that is killed."""
        for record in records:
            who = next(name for name, number in self.place.members.items() if number == record["author"])
            answers = self.push(who, record).json()["results"]
            assert answers[0]["result"] == "created", answers


@dataclass(frozen=True)
class Deed:
    """`prepare` gives the records of one push and whose phone sends it; a photo may follow."""

    name: str
    prepare: Callable[[Scene], tuple[str, list[dict[str, Any]]]]
    photo: bool = False


def _visit_with_photo(scene: Scene) -> tuple[str, list[dict[str, Any]]]:
    return "lan", [scene.visit("lan", photos=[PHOTO])]


def _replace(scene: Scene) -> tuple[str, list[dict[str, Any]]]:
    base = scene.visit("lan", photos=[PHOTO])
    scene.on_server(base)
    return "lan", [scene.visit("lan", 1, replaces=base["id"], people=3, photos=[PHOTO])]


def _withdraw(scene: Scene) -> tuple[str, list[dict[str, Any]]]:
    base = scene.visit("lan")
    scene.on_server(base)
    return "lan", [build.record("visit.withdraw", scene.member("lan"), {"visit": base["id"]})]


def _decide(scene: Scene) -> tuple[str, list[dict[str, Any]]]:
    visits = [scene.visit("lan", home) for home in range(3)]
    scene.on_server(*visits)
    return "binh", [build.decision(scene.member("binh"), *[visit["id"] for visit in visits])]


def _send_back(scene: Scene) -> tuple[str, list[dict[str, Any]]]:
    visit = scene.visit("lan")
    scene.on_server(visit)
    return "binh", [build.decision(scene.member("binh"), visit["id"], verdict="send_back")]


def _at_the_door(scene: Scene) -> tuple[str, list[dict[str, Any]]]:
    lan = scene.member("lan")
    home = {"household": str(uuid7()), "village": scene.place.villages[0], "number": "12A", "head_name": None}
    card = scene.place.cards[0]
    visit = build.visit(
        lan, Household(id=home["household"], village_id=0, number="", key=""), card=card, identified_by="scan"
    )
    bound = build.record("card.bind", lan, {"household": home["household"], "card": card})
    return "lan", [build.record("household.add", lan, home), bound, visit]


def _batch(scene: Scene) -> tuple[str, list[dict[str, Any]]]:
    """Several of all kinds, one of which is refused."""
    base, kept = scene.visit("lan"), scene.visit("lan", 1)
    scene.on_server(base, kept)
    lan = scene.member("lan")
    refused = build.visit(lan, scene.homes[2], "NO_SUCH_PLATFORM")
    withdrawal = build.record("visit.withdraw", lan, {"visit": kept["id"]})
    return "lan", [
        scene.visit("lan", 2),
        refused,
        scene.visit("lan", 1, replaces=base["id"]),
        withdrawal,
        scene.visit("lan"),
    ]


DEEDS = (
    Deed("visit with photo", _visit_with_photo, photo=True),
    Deed("replace", _replace),
    Deed("withdraw", _withdraw),
    Deed("decide", _decide),
    Deed("send back", _send_back),
    Deed("at the door", _at_the_door),
    Deed("batch", _batch),
)


class Killing:
    """A server, its database, and the deeds that are done on it."""

    def __init__(self, server: Process, db: Database, province: int, folder: Path, loop: asyncio.Runner) -> None:
        self.server, self.db, self.province, self.folder, self.loop = server, db, province, folder, loop

    def scene(self) -> Scene:
        async def make() -> Scene:
            async with self.db.write() as session:
                place = await settle(session, self.province)
                query = select(Household).where(HOUSEHOLDS.c.village_id.in_(place.villages))
                homes = (
                    (await session.execute(query.order_by(HOUSEHOLDS.c.village_id, HOUSEHOLDS.c.number)))
                    .scalars()
                    .all()
                )
                return Scene(self.server, place, homes)

        return self.loop.run(make())

    def truth(self, scene: Scene) -> Truth:
        async def read() -> Truth:
            async with self.db.read() as session:
                return await read_truth(session, scene.place)

        return self.loop.run(read())

    def kill_everywhere(self, deed: Deed) -> int:
        """Does the deed once for each of its steps and dies there; gives the number of steps that it died at."""
        # First without a fault: whoever is the first to name a picture in a database takes other steps than the next.
        wanted = self._undisturbed(deed)
        steps = self._count(deed)
        for part, last in enumerate(steps):
            for step in range(1, last + 1):
                scene = self.scene()
                self._do(scene, deed, part, f"die:{step}")
                found = _told(self.truth(scene), scene)
                assert found == wanted, f"{deed.name}, request {part}, killed before step {step}:\n{found}\n{wanted}"
        return sum(steps)

    def _count(self, deed: Deed) -> list[int]:
        scene = self.scene()
        answers = self._do(scene, deed, 0, "count"), self._do(scene, deed, 1, "count") if deed.photo else None
        return [len(json.loads(answer.headers["x-test-steps"])) for answer in answers if answer is not None]

    def _undisturbed(self, deed: Deed) -> dict[str, Any]:
        scene = self.scene()
        self._do(scene, deed, -1, "")
        return _told(self.truth(scene), scene)

    def _do(self, scene: Scene, deed: Deed, faulty: int, fault: str) -> httpx.Response | None:
        """The deed, whose request of this number meets the fault; what died is sent again, as a phone would."""
        if "push" not in scene.made:
            scene.made["push"] = deed.prepare(scene)
        phone, records = scene.made["push"]
        pushed = self._send(lambda f: scene.push(phone, *records, fault=f), fault if faulty == 0 else "")
        if fault == "count" and faulty == 0:
            return pushed
        if not deed.photo:
            return None
        path = f"visits/{records[0]['id']}/photos/{PHOTO['sha256']}"
        return self._send(lambda f: self._photo(scene, phone, path, f), fault if faulty == 1 else "")

    def _photo(self, scene: Scene, phone: str, path: str, fault: str) -> httpx.Response:
        have = int(scene.call(phone, "HEAD", path).headers["upload-offset"])
        return scene.call(phone, "PATCH", path, fault, content=PICTURE[have:], headers={"Upload-Offset": str(have)})

    def _send(self, send: Callable[[str], httpx.Response], fault: str) -> httpx.Response:
        if fault.startswith("die"):
            before = self.server.deaths
            try:
                answer = send(fault)
                raise AssertionError(f"{fault} did not die: {answer.status_code} {answer.text}")
            except httpx.TransportError:
                fault = ""
            self.server.await_life(before + 1)
        answer = send(fault)
        assert answer.is_success, answer.text
        return answer


def _told(truth: Truth, scene: Scene) -> dict[str, Any]:
    """What the server ends with, without what differs from one commune to the next; the counters are proven apart."""
    wrong = check_counters(truth)
    assert not wrong, wrong
    _, records = scene.made["push"]
    results = [str(truth.records[r["id"]]["result"]) if r["id"] in truth.records else None for r in records]
    return {
        "results": results,
        "visits": sorted((str(v["state"]), v["version"], v["people"], v["verified"]) for v in truth.visits.values()),
        "outcomes": sorted((o["platform_code"], str(o["result"]), o["people"]) for o in truth.outcomes),
        "photos": sorted(str(p["state"]) for p in truth.photos),
        "reviews": sorted(str(r["verdict"]) for r in truth.reviews),
        "households": sorted((h["number"], str(h["state"])) for h in truth.households.values()),
        "cards": sorted(str(c["state"]) for c in truth.cards),
        "lượt": sorted((str(c["state"]), c["support_count"]) for c in truth.village_counts if c["support_count"]),
    }
