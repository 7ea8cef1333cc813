"""Who records under load: members with valid sessions, in villages of their own or all in one, and their requests."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from uuid import UUID

from PIL import Image
from uuid_utils.compat import uuid7

from fieldapp.api.identity import SLOT_HEADER, cookie_name
from fieldapp.db import Database
from fieldapp.domain.card_code import card_address, code_hash, make_code, make_short_code
from fieldapp.services.scopes import raise_villages
from models.household import BatchKind, CardBatch, CardState, Household, HouseholdCard
from models.member import Member
from models.team import SeatRole
from models.unit import Unit
from tests import build
from tests.load.generator import Errand, Request

PHONES = 16
HOMES = 100
VISITS_A_DAY = 20
PHOTO_BYTES = 150_000
SLOT = "p0"


@dataclass
class Phone:
    """A member's phone: its session, the households of its village with their cards, and how much it has sent."""

    member: Member
    token: str
    homes: Sequence[tuple[Household, str]]
    visits: int = 0

    def record(self, number: int, *photos: "Photo") -> dict:
        """The member's visit of this number: a scanned card and one platform, 25 minutes after the one before it.

        Numbers run back in time, 20 a day, so that no visit is too close to another and none is flagged.
        """
        days, place = divmod(number, VISITS_A_DAY)
        morning = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
        made_at = morning - timedelta(days=days + 1) + timedelta(minutes=25) * place
        home, card = self.homes[number % len(self.homes)]
        named = [{"sha256": p.sha256, "bytes": p.length, "type": "image/jpeg"} for p in photos]
        given = {"identified_by": "scan", "card": card, "photos": named}
        return build.visit(self.member, home, "VNEID", made_at=build.millis(made_at), **given)


@dataclass(frozen=True)
class Photo:
    """A picture that all photos share, and a tail after its end that makes each another."""

    picture: bytes
    tail: bytes

    @classmethod
    def take(cls, picture: bytes) -> "Photo":
        return cls(picture, uuid7().bytes)

    @property
    def length(self) -> int:
        return len(self.picture) + len(self.tail)

    @property
    def sha256(self) -> str:
        digest = _digest(self.picture).copy()
        digest.update(self.tail)
        return digest.hexdigest()


@dataclass
class Field:
    apart: list[Phone]
    """One in each of sixteen villages."""
    together: list[Phone]
    """All in one village."""
    leader: Phone
    """Of that village."""
    commune: Unit


async def settle(db: Database) -> Field:
    """A commune of 17 villages with 100 households each, every one with a card on its door."""
    for position, code in enumerate(("VNEID", "DVC", "SSK"), 1):
        await build.platform(db, code, position)
    commune = await build.commune(db, await build.province(db))
    apart = [(await _phones(db, commune, number, 1))[1] for number in range(PHONES)]
    leader, *together = await _phones(db, commune, PHONES, PHONES)
    return Field(apart, together, leader, commune)


async def _phones(db: Database, commune: Unit, number: int, count: int) -> list[Phone]:
    """The leader's phone and those of so many members."""
    village = await build.village(db, commune, code=f"{commune.code}{number:03}", name=f"Thôn {number}")
    team = await build.team(db, commune, village)
    homes = await _homes(db, village)
    leader = await build.member(db, team, "Trần Văn Bình", SeatRole.LEADER)
    members = [leader, *[await build.member(db, team, f"Đinh Thị {n}") for n in range(count)]]
    return [Phone(member, await build.sign_in(db, member), homes) for member in members]


async def _homes(db: Database, village: Unit) -> list[tuple[Household, str]]:
    assert village.id is not None
    async with db.write() as session:
        version = (await raise_villages(session, [village.id]))[village.id]
        batch = CardBatch(village_id=village.id, kind=BatchKind.KNOWN, size=HOMES)
        homes = [
            Household(id=uuid7(), village_id=village.id, number=str(n), key=str(n), scope_version=version)
            for n in range(HOMES)
        ]
        session.add_all([batch, *homes])
        await session.flush()
        codes = [make_code() for _ in homes]
        session.add_all(
            HouseholdCard(
                batch_id=batch.id,  # type: ignore[arg-type]
                village_id=village.id,
                code_hash=code_hash(code),
                short_code=make_short_code(),
                state=CardState.BOUND,
                household_id=home.id,
                scope_version=version,
            )
            for code, home in zip(codes, homes, strict=True)
        )
    return [(home, card_address("toso.example.vn", code)) for home, code in zip(homes, codes, strict=True)]


def pushes(phone: Phone, origin: str, count: int, records: int) -> list[Errand]:
    """Pushes of so many records each, ready for the wire."""
    errands = []
    for first in range(phone.visits, phone.visits + count * records, records):
        batch = [phone.record(number) for number in range(first, first + records)]
        errands.append(Errand((_push(phone, origin, *batch),), records))
    return errands


def pushes_with_photo(phone: Phone, origin: str, count: int, picture: bytes) -> list[Errand]:
    """A push, and the PATCH that brings the whole photo to its acceptance."""
    errands = []
    for number in range(phone.visits, phone.visits + count):
        photo = Photo.take(picture)
        record = phone.record(number, photo)
        path = f"/api/v1/visits/{record['id']}/photos/{photo.sha256}"
        patch = _request(phone, origin, "PATCH", path, (photo.picture, photo.tail), {"Upload-Offset": "0"})
        errands.append(Errand((_push(phone, origin, record), patch), 1))
    return errands


def floor_photos(phone: Phone, origin: str, count: int, picture: bytes) -> list[Errand]:
    """The same visits for the floor, which takes both in one request."""
    errands = []
    for number in range(phone.visits, phone.visits + count):
        photo = Photo.take(picture)
        headers = {"X-Record": json.dumps(phone.record(number, photo))}
        request = _request(phone, origin, "POST", "/photo", (photo.picture, photo.tail), headers)
        errands.append(Errand((request,), 1))
    return errands


def decision(phone: Phone, origin: str, visit_ids: Sequence[UUID]) -> Errand:
    """The leader's approval of these visits."""
    return Errand((_push(phone, origin, build.decision(phone.member, *visit_ids)),), 1 + len(visit_ids))


def _push(phone: Phone, origin: str, *records: dict) -> Request:
    body = json.dumps(build.push_body(*records), separators=(",", ":")).encode()
    return _request(phone, origin, "POST", "/api/v1/sync/push", (body,), {"Content-Type": "application/json"})


def _request(phone: Phone, origin: str, method: str, path: str, body: Request, headers: dict[str, str]) -> Request:
    common = {
        "Host": origin.removeprefix("http://"),
        "Origin": origin,
        SLOT_HEADER: SLOT,
        "Cookie": f"{cookie_name(SLOT)}={phone.token}",
        "Content-Length": str(sum(map(len, body))),
    }
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in (common | headers).items())]
    return "\r\n".join([*lines, "", ""]).encode(), *body


@cache
def _digest(picture: bytes) -> "hashlib._Hash":
    return hashlib.sha256(picture)


@cache
def jpeg() -> bytes:
    """A picture as a phone sends it: 1280 by 960, about 150 KB."""
    noise = Image.effect_noise((320, 240), 40).resize((1280, 960)).convert("RGB")
    for quality in range(90, 10, -2):
        buffer = BytesIO()
        noise.save(buffer, "JPEG", quality=quality)
        if buffer.tell() <= PHOTO_BYTES:
            break
    return buffer.getvalue()


def no_picture() -> bytes:
    """As many bytes, which the decoder refuses at their first: what is left is the way to acceptance."""
    return bytes(PHOTO_BYTES)
