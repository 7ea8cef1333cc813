"""Rows of sample visits with the flags that the server itself would have raised; `reviews` decides them."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from fieldapp.cli.sample.content import Content, draw_content
from fieldapp.cli.sample.households import uuid7_at
from fieldapp.cli.sample.schedule import Call
from fieldapp.domain.counting import CountedVisit, Movement
from fieldapp.domain.flags import VisitFacts, is_verified, raised_by
from fieldapp.domain.visit import HELPED
from fieldapp.domain.vn_time import vn_day
from models.flag import FlagKind
from models.visit import IdentifiedBy, VisitMode, VisitState

CLOCK_OFF = 0.004
Row = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """One version of a visit, with everything that hangs on it."""

    call: Call
    content: Content
    row: Row
    flags: list[FlagKind]

    @property
    def state(self) -> VisitState:
        return self.row["state"]

    def outcome_rows(self) -> list[Row]:
        common = {"visit_id": self.row["id"], "people": self.content.people}
        return [
            {**common, "platform_code": platform, "result": result, "detail": detail}
            for platform, result, detail in self.content.outcomes
        ]

    def flag_rows(self) -> list[Row]:
        late = self.row["decided_at"]
        return [
            {"visit_id": self.row["id"], "kind": kind, "detail": {},
             "raised_at": late if kind is FlagKind.ID_REUSED else self.call.received_at}
            for kind in self.flags
        ]  # fmt: skip

    def movement(self) -> Movement:
        row = self.row
        outcomes = tuple((platform, str(result), row["people"]) for platform, result, _ in self.content.outcomes)
        visit = CountedVisit(
            row["household_id"], row["village_id"], row["commune_id"], row["team_id"], row["author_id"],
            row["done_on"], str(row["mode"]), str(row["beneficiary"]), outcomes,
        )  # fmt: skip
        return Movement(visit, None, self.state)


@dataclass
class Desk:
    """Writes visits down in the order of their time and remembers what later ones are held against."""

    rng: Random
    _platforms: dict[tuple[UUID, date], list[tuple[UUID, list[str]]]] = field(default_factory=dict)
    _last: dict[int, tuple[datetime, UUID]] = field(default_factory=dict)
    _unscanned: dict[tuple[int, date], int] = field(default_factory=dict)

    def write(self, call: Call, photo_seen: bool = False) -> Draft:
        """A visit that nobody has decided yet."""
        there = self._platforms.get((call.home.id, vn_day(call.made_at)), [])
        platforms = there[-1][1] if call.double_of and there else None
        return self._draft(call, draw_content(self.rng, call, platforms), None, photo_seen)

    def write_again(self, base: Draft, made_at: datetime, received_at: datetime) -> Draft:
        """The next version, in the place of one that was sent back or put right before review."""
        call = replace(base.call, made_at=made_at, received_at=received_at, double_of=None)
        return self._draft(call, base.content, base, False)

    def _draft(self, call: Call, content: Content, base: Draft | None, photo_seen: bool) -> Draft:
        rng, home = self.rng, call.home
        error = timedelta(minutes=rng.choice((-90, -25, 40, 600))) if rng.random() < CLOCK_OFF else timedelta()
        visit_id, day = uuid7_at(rng, call.made_at + error), vn_day(call.made_at)
        root_id = base.row["root_id"] if base else visit_id
        facts = self._facts(call, content, root_id, day, error, photo_seen)
        if any(result in HELPED for _, result, _ in content.outcomes):
            home.last_visit_on = max(home.last_visit_on or day, day)
        row = {
            "id": visit_id, "root_id": root_id, "version": base.row["version"] + 1 if base else 1,
            "replaces_id": base.row["id"] if base else None, "author_id": call.author.member_id, "device_id": None,
            "team_id": call.author.team_id, "village_id": call.stage.village_id, "commune_id": call.stage.commune_id,
            "household_id": home.id, "mode": content.mode, "beneficiary": content.beneficiary,
            "people": content.people, "note": content.note, "identified_by": content.identified_by,
            "verified": is_verified(facts), "card_id": content.card_id, "device_made_at": call.made_at + error,
            "made_at": call.made_at, "done_on": day, "received_at": call.received_at, "state": VisitState.WAITING,
            "needs_look": False, "decided_at": None, "decided_by_id": None, "reason_code": None, "reason": None,
            "scope_version": 1,
        }  # fmt: skip
        return Draft(call, content, row, raised_by(facts))

    def _facts(
        self, call: Call, content: Content, root_id: UUID, day: date, error: timedelta, photo_seen: bool
    ) -> VisitFacts:
        """What the server would have found, had these visits come in one after the other."""
        author, home = call.author.member_id, call.home
        there = self._platforms.setdefault((home.id, day), [])
        same_day = any(root != root_id and set(codes) & set(content.platforms) for root, codes in there)
        there.append((root_id, content.platforms))
        before, self._last[author] = self._last.get(author), (call.made_at, home.id)
        near = abs(call.made_at - before[0]) if before and before[1] != home.id else None
        unscanned = self._unscanned.get((author, day), 0)
        if content.identified_by not in (IdentifiedBy.SCAN, IdentifiedBy.STILL):
            self._unscanned[author, day] = unscanned + 1
        return VisitFacts(
            content.identified_by, content.card, home.provisional, same_day, photo_seen,
            None if content.mode is VisitMode.COMMUNITY_HOUSE else near, error, unscanned + 1,
        )  # fmt: skip
