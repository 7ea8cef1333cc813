"""Plays a story on real phones and a real server, remembers what each phone called saved, and brings it to its end."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fieldapp.db import Database, use_database
from fieldapp.jobs.retry_held import retry_held
from models.session import SessionState
from tests.histories.base import Base, begin_another_life
from tests.histories.ledger import Ledger
from tests.histories.phones import Phones
from tests.histories.place import PHONES, Place, days_ago, settle
from tests.histories.server import Process
from tests.histories.story import Step

T = TypeVar("T")
JOINING_TRIES = 5
"""The server may have died a moment ago."""

MOST_ROUNDS = 12
ASKED_TO_JOIN = ("paused", "closing")
PAGES_BEFORE_REST = 1500
"""Pages that one process of phones opens before another takes its place."""


class Stage:
    """The server, the phones and the database that many histories share."""

    def __init__(self, base: Base, server: Process, phones: Phones) -> None:
        self.base, self.server, self.phones = base, server, phones
        self.loop = asyncio.Runner()
        self.db = Database(base.url)
        self.province = 0
        self.pages = 0
        self.results: Counter[str] = Counter()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    def write(self, work: Callable[..., Coroutine[Any, Any, T]], *given: Any) -> T:
        async def run() -> T:
            async with self.db.write() as session:
                return await work(session, *given)

        return self.wait(run())

    def reopen(self) -> None:
        self.wait(self.db.close())
        self.db = Database(self.base.url)

    def close(self) -> None:
        self.wait(self.db.close())
        self.loop.close()


class Player:
    """One history."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.place: Place = stage.write(settle, stage.province)
        self.ledger = Ledger()
        self.joined: set[str] = set()
        self.aside: tuple[int, list[int], list[int]] | None = None
        cookies = {phone: self._cookie(phone) for phone in PHONES}
        stage.pages += 10
        if stage.pages > PAGES_BEFORE_REST:
            stage.pages = 0
            stage.phones.start()
        stage.phones.do("world", origin=stage.server.origin, phones=cookies)

    def _cookie(self, phone: str) -> str:
        return f"toso-p0={self.place.tokens[phone]}"

    def play(self, story: list[Step]) -> None:
        for step in story:
            self.step(step)
        self.finish()

    def step(self, step: Step) -> None:
        deed, given = step["deed"], {name: value for name, value in step.items() if name != "deed"}
        for phone in {given.get("phone"), *(page[0] for page in given.get("pages", []))} & set(PHONES):
            self._join(phone)
        own = getattr(self, f"_{deed}", None)
        if own:
            own(**given)
        else:
            if given.get("card") is not None:
                given["card"] = self.place.cards[given["card"]]
            self.ledger.note(given.get("phone", ""), self.stage.phones.do(deed, **given))

    def _join(self, phone: str) -> None:
        """A phone that is used for the first time has just been handed out: it downloads its villages."""
        if phone not in self.joined:
            self.joined.add(phone)
            for _ in range(JOINING_TRIES):
                if not self.stage.phones.do("join", phone=phone).get("refused"):
                    return
                self._join_again(phone)
            raise AssertionError(f"{phone} could not join")

    def _clock(self, phone: str, by: int) -> None:
        self.ledger.clocks_moved = True
        self.stage.phones.do("clock", phone=phone, by=by)

    def _move(self, who: str, days: int) -> None:
        self.ledger.people_moved = True
        self._officer("move", who, days_ago(days))

    def _merge(self, days: int) -> None:
        if len(self.place.all_villages) == 2:
            self.ledger.people_moved = True
            self._officer("merge", days_ago(days))

    def _end_session(self, phone: str, state: str) -> None:
        self._officer("end_session", phone, SessionState(state))

    def _officer(self, deed: str, *given: Any) -> None:
        self.stage.write(lambda session: self.place.do(session, deed, *given))

    def _join_again(self, phone: str) -> None:
        self.stage.write(self.place.join_again, phone)
        self.stage.phones.do("cookie", phone=phone, cookie=self._cookie(phone))

    def _sort(self, accept: bool) -> None:
        self.ledger.sorted = True
        self.stage.write(self.place.sort, accept)

    def _crash(self) -> None:
        self.stage.server.kill()

    def _set_aside(self) -> None:
        self.aside = (len(self.place.deeds), list(self.place.villages), list(self.place.all_villages))
        self.stage.wait(self.stage.base.set_aside())
        self.stage.reopen()

    def _put_back(self) -> None:
        """The copy takes the database's place under another epoch; officers do their part anew."""
        if self.aside is None:
            return
        stage = self.stage
        self.ledger.restored = True
        stage.server.stop()
        stage.wait(stage.db.close())
        stage.wait(stage.base.put_back())
        stage.db = Database(stage.base.url)
        stage.wait(begin_another_life(stage.db))
        since, self.place.villages, self.place.all_villages = self.aside[0], list(self.aside[1]), list(self.aside[2])
        stage.write(self.place.do_again, since)
        stage.server.start()

    def finish(self) -> None:
        """Everybody has network, joins again where asked to, and waits until nothing moves any more."""
        phones = sorted(self.joined)
        for phone in phones:
            self.stage.phones.do("release", phone=phone)
            self.stage.phones.do("clock", phone=phone, by=10_000)
        for _ in range(MOST_ROUNDS):
            retried = self.stage.wait(self._retry_held())
            sent = self.stage.phones.do("send", pages=[(phone, "a") for phone in phones])
            paused = [phone for phone in phones if self._look(phone)["phase"] in ASKED_TO_JOIN]
            for phone in paused:
                self._join_again(phone)
            unrest = (
                paused or retried or sent["written"] or any(self._look(phone)["phase"] != "idle" for phone in phones)
            )
            if not unrest:
                return
        raise AssertionError(f"after {MOST_ROUNDS} rounds: { {p: self._look(p)['phase'] for p in phones} }")

    async def _retry_held(self) -> int:
        """What the server's clock does every ten minutes."""
        use_database(self.stage.db)
        try:
            return await retry_held()
        finally:
            use_database(None)

    def _look(self, phone: str) -> dict[str, Any]:
        return self.stage.phones.do("look", phone=phone)

    def looks(self) -> dict[str, dict[str, Any]]:
        return {phone: self._look(phone) for phone in sorted(self.joined)}
