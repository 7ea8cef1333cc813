"""What may happen in a history: a list of steps in plain data, told from a number, so that a failing one can be told
again, shortened and printed.

Not by hypothesis: it spends five of six examples on variations of the one before, which finds simpler inputs and
poorer histories (measured: a sixth of the decisions and replacements that these stories come to).
"""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Step = dict[str, Any]
DAY = 86_400_000
LOST = ("drop", "lose", "cut", "torn", "late", "hang", "busy", "bad_gateway", "portal", "before_commit", "after_commit")
AGES = (0, 0, 0, DAY, 3 * DAY, 70 * DAY)
SHIFTS = (-2 * DAY, -3 * 3_600_000, 20 * 60_000, 2 * DAY, 40 * DAY, -400 * DAY)
RESULTS = ("introduced", "installed", "independent", "come_back", "absent", "declined")
MEMBERS = ("lan", "lan", "lan", "viet", "viet", "lan2", "duc")
REVIEWERS = ("binh", "binh", "binh", "binh", "duc")
ANYBODY = ("lan", "lan", "lan2", "viet", "binh", "binh", "duc")
LAST_STEP = 34
"""Statements and commits of an ordinary push, and a few more."""


class Teller:
    """Tells one story; the same number tells the same one."""

    def __init__(self, number: int) -> None:
        self._dice = Random(number)

    def story(self) -> list[Step]:
        """Scenes: most of phones and a bad network; some of people who move, clocks, sessions; some of a restore."""
        sort = self._dice.choices(("plain", "odd", "restored"), (45, 40, 15))[0]
        if sort == "restored":
            before, lost, after = (self._scenes(self._dice.randint(1, 2), 0.2) for _ in range(3))
            return [*before, {"deed": "set_aside"}, *lost, {"deed": "put_back"}, *self._coming_back(), *after]
        return self._scenes(self._dice.randint(2, 4), 0.4 if sort == "odd" else 0)

    def _scenes(self, count: int, odd: float) -> list[Step]:
        scenes = (
            self._visits, self._review, self._correction, self._elsewhere, self._second_thought, self._race,
            self._newcomers,
        )  # fmt: skip
        story: list[Step] = []
        for _ in range(count):
            if self._dice.random() < odd:
                story.append(self._odd())
            story += self._one_of(*scenes)()
            if self._dice.random() < 0.3:
                story.append(self._loose())
        return story

    def _coming_back(self) -> list[Step]:
        """Some phones find the restored server, one after the other: a leader perhaps before the members."""
        phones = self._dice.sample(("lan", "lan2", "viet", "binh", "duc"), self._dice.randint(0, 4))
        return [self._all(phone) for phone in phones for _ in range(2)]

    def _one_of(self, *choices: Any) -> Any:
        return self._dice.choice(choices)

    def _often(self, likely: float = 0.5) -> bool:
        return self._dice.random() < likely

    # Scenes

    def _visits(self) -> list[Step]:
        """A round of visits, sent over a bad network."""
        return [*self._recording(), self._send(self._one_of(*MEMBERS)), self._send(self._one_of(*MEMBERS))]

    def _review(self) -> list[Step]:
        return [*self._recording(), self._all("lan", "viet"), self._all("binh"), self._decide(), self._send("binh")]

    def _correction(self) -> list[Step]:
        """Something is sent back, or not, and mended anyway."""
        return [
            *self._review(),
            self._all("binh"),
            self._all("lan", "viet"),
            self._mend(),
            self._send(self._one_of("lan", "viet")),
        ]

    def _elsewhere(self) -> list[Step]:
        """One phone of a member changes what the other made."""
        change = self._one_of(self._mend, self._withdraw)
        return [
            self._record("lan"),
            self._all("lan"),
            self._all("lan2"),
            change("lan2"),
            change("lan"),
            self._together(),
        ]

    def _second_thought(self) -> list[Step]:
        return [self._record("lan"), self._one_of(self._undo, self._withdraw, self._mend)("lan"), self._send("lan")]

    def _race(self) -> list[Step]:
        """Author and leader act on the same visits before they hear of each other."""
        deeds = [self._mend(), self._withdraw(), self._decide()]
        self._dice.shuffle(deeds)
        return [*self._recording(), self._all("lan", "viet"), self._all("binh"), *deeds, self._together()]

    def _newcomers(self) -> list[Step]:
        """Households met at the door, confirmed or known already, while more visits to them are on their way."""
        met = [self._at_the_door("lan"), self._at_the_door("viet"), self._all("lan", "viet"), self._all("binh")]
        meanwhile = self._one_of(self._record, self._mend, self._with_card)()
        return [*met, self._confirm(), meanwhile, self._send("binh"), self._together()]

    def _loose(self) -> Step:
        deeds = (
            self._record, self._mend, self._withdraw, self._decide, self._undo, self._together, self._late, self._kill,
            self._everybody, self._at_the_door,
        )  # fmt: skip
        return self._one_of(*deeds)()

    def _recording(self) -> list[Step]:
        ways: tuple[Callable[[], Step], ...] = (self._record, self._record, self._at_the_door, self._with_card)
        return [self._one_of(*ways)() for _ in range(self._dice.randint(1, 3))]

    # Steps

    def _page(self, phone: str) -> dict[str, str]:
        return {"phone": phone, "tab": self._one_of("a", "a", "b")}

    def _death(self, likely: float = 0.2) -> int:
        """At which thing that the page waits for it is killed; 0 for none."""
        return self._dice.randint(1, 16) if self._often(likely) else 0

    def _content(self) -> dict[str, Any]:
        platforms = self._dice.sample(("VNEID", "DVC", "SSK"), self._dice.randint(1, 2))
        return {
            "household": self._dice.randrange(5),
            "outcomes": [[platform, self._one_of(*RESULTS)] for platform in platforms],
            "people": self._dice.randint(1, 3),
        }

    def _photos(self) -> list[dict[str, int]]:
        few = self._dice.choice((0, 0, 1, 1, 2))
        return [{"seed": seed, "length": self._one_of(900, 70_000)} for seed in self._dice.sample(range(4), few)]

    def _record(self, phone: str = "") -> Step:
        more = {"photos": self._photos(), "hold": self._often(0.3), "age": self._one_of(*AGES), "kill": self._death()}
        return {"deed": "record", **self._page(phone or self._one_of(*MEMBERS)), **self._content(), **more}

    def _at_the_door(self, phone: str = "") -> Step:
        door = {"door": True, "number": "12A"} | (
            {"card": self._dice.randrange(2), "bind": True} if self._often() else {}
        )
        return {
            "deed": "record",
            **self._page(phone or self._one_of(*MEMBERS)),
            **self._content(),
            **door,
            "kill": self._death(),
        }

    def _with_card(self) -> Step:
        card = {"card": self._dice.randrange(2), "bind": self._often()}
        return {"deed": "record", **self._page(self._one_of(*MEMBERS)), **self._content(), **card}

    def _mend(self, phone: str = "") -> Step:
        change = {"visit": self._dice.randrange(6), "people": self._dice.randint(4, 9), "kill": self._death()}
        return {"deed": "mend", **self._page(phone or self._one_of("lan", "lan", "viet", "lan2")), **change}

    def _withdraw(self, phone: str = "") -> Step:
        which = {"visit": self._dice.randrange(6), "kill": self._death()}
        return {"deed": "withdraw", **self._page(phone or self._one_of("lan", "lan", "viet")), **which}

    def _decide(self) -> Step:
        verdict = {"verdict": self._one_of("approve", "approve", "send_back"), "hold": self._often(0.3)}
        visits = {"visits": self._one_of("all", self._dice.randrange(6)), "kill": self._death()}
        return {"deed": "decide", **self._page(self._one_of(*REVIEWERS)), **visits, **verdict}

    def _confirm(self) -> Step:
        answer = {"household": self._dice.randrange(4), "merge": self._often(0.6), "kill": self._death()}
        return {"deed": "confirm", **self._page("binh"), **answer}

    def _undo(self, phone: str = "") -> Step:
        return {"deed": "undo", **self._page(phone or self._one_of(*ANYBODY)), "kill": self._death()}

    def _faults(self, most: int) -> list[str]:
        return [self._fault() for _ in range(self._dice.randint(0, most))]

    def _fault(self) -> str:
        kind = self._dice.choices(("ok", "lost", "twice", "die"), (25, 45, 12, 18))[0]
        if kind == "lost":
            return self._one_of(*LOST)
        return f"die:{self._dice.randint(1, LAST_STEP)}" if kind == "die" else kind

    def _send(self, phone: str) -> Step:
        """A sync of one phone, with a fault for each of its first requests."""
        page = self._page(phone)
        return {
            "deed": "send",
            "pages": [[page["phone"], page["tab"]]],
            "faults": self._faults(4),
            "kill": self._death(),
        }

    def _together(self) -> Step:
        pages = {(self._one_of(*ANYBODY), self._one_of("a", "b")) for _ in range(self._dice.randint(2, 4))}
        return {"deed": "send", "pages": sorted(map(list, pages)), "faults": self._faults(3)}

    def _all(self, *phones: str) -> Step:
        return {"deed": "send", "pages": [[phone, "a"] for phone in phones]}

    def _everybody(self) -> Step:
        return self._all("lan", "lan2", "viet", "binh", "duc")

    def _late(self) -> Step:
        """What was on its way all the time arrives."""
        return {"deed": "release", "phone": self._one_of(*ANYBODY)}

    def _kill(self) -> Step:
        return {"deed": "kill", **self._page(self._one_of(*ANYBODY))}

    def _odd(self) -> Step:
        phone = self._one_of(*ANYBODY)
        return self._one_of(
            {"deed": "clock", "phone": phone, "by": self._one_of(*SHIFTS)},
            {"deed": "clock", "phone": phone, "by": self._one_of(*SHIFTS)},
            {"deed": "move", "who": self._one_of("lan", "viet", "binh"), "days": self._one_of(0, 1, 2)},
            {"deed": "merge", "days": self._one_of(0, 2)},
            {"deed": "end_session", "phone": phone, "state": self._one_of("closing", "closed")},
            {"deed": "join_again", "phone": phone},
            {"deed": "sort", "accept": self._often(0.7)},
            {"deed": "sort", "accept": self._often(0.7)},
            {"deed": "crash"},
        )


def shorter(story: list[Step]) -> Iterator[list[Step]]:
    """Stories with something left out: halves first, then single steps, then what befalls a step."""
    size = len(story)
    while size >= 1:
        for start in range(0, len(story), size):
            yield story[:start] + story[start + size :]
        size //= 2
    for place, step in enumerate(story):
        for name, nothing in (("faults", []), ("kill", 0), ("photos", []), ("age", 0), ("hold", False)):
            if step.get(name):
                yield [*story[:place], step | {name: nothing}, *story[place + 1 :]]
        for cut in range(len(step.get("faults", [])) if len(step.get("faults", [])) > 1 else 0):
            faults = step["faults"][:cut] + step["faults"][cut + 1 :]
            yield [*story[:place], step | {"faults": faults}, *story[place + 1 :]]
