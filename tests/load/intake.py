"""Rounds of intake, the product and the floor in turn: how many visits a second, how long each waits, what it costs."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import median, quantiles

from tests.e2e.stage import Server
from tests.load import generator
from tests.load.field import Field, Phone, floor_photos, jpeg, no_picture, pushes, pushes_with_photo
from tests.load.generator import Errand
from tests.load.servers import Tree, tree_of

ROUNDS = 3
SECONDS = 1.2
WARM_SECONDS = 0.3
MOST = 4_000
"""Errands that are made ready for a round of the floor; the product, far slower, is given a quarter."""


@dataclass(frozen=True)
class Case:
    name: str
    clients: int
    records: int = 1
    picture: Callable[[], bytes] | None = None
    together: bool = False


CASES = (
    Case("1 client", 1),
    Case("4 clients", 4),
    Case("16 clients", 16),
    Case("16 clients, one village", 16, together=True),
    Case("4 clients, batches of 5", 4, records=5),
    Case("4 clients, photo of 150 KB", 4, picture=jpeg),
    Case("4 clients, photo, nothing to decode", 4, picture=no_picture),
)


@dataclass(frozen=True)
class Round:
    """One round of one side: visits a second, waits in milliseconds, CPU-milliseconds a visit."""

    rate: float
    p50: float
    p95: float
    cpu: float
    database_cpu: float


@dataclass
class Side:
    """The product or the floor, with its rounds of the case at hand."""

    server: Server
    is_floor: bool
    tree: Tree
    rounds: list[Round] = field(default_factory=list)

    def errands(self, phone: Phone, case: Case, count: int) -> list[Errand]:
        if case.picture is None:
            return pushes(phone, self.server.origin, count, case.records)
        make = floor_photos if self.is_floor else pushes_with_photo
        return make(phone, self.server.origin, count, case.picture())

    def middle(self, name: str) -> float:
        """The median of one figure over the rounds."""
        return median(getattr(one, name) for one in self.rounds)


@dataclass(frozen=True)
class Measured:
    case: Case
    ours: Side
    floor: Side

    @property
    def ratio(self) -> float:
        """Visits a second, ours by the floor's: the median over pairs of neighbouring rounds."""
        pairs = zip(self.ours.rounds, self.floor.rounds, strict=True)
        return median(ours.rate / floor.rate for ours, floor in pairs)


def generator_process() -> ProcessPoolExecutor:
    """A process for the load, which shares nothing with this one."""
    return ProcessPoolExecutor(1, get_context("spawn"))


def measure(
    process: ProcessPoolExecutor,
    case: Case,
    people: Field,
    product: Server,
    floor: Server,
    database: Callable[[], Tree | None],
) -> Measured:
    """Rounds of the product and the floor in turn, after one short round of each that nobody counts."""
    phones = (people.together if case.together else people.apart)[: case.clients]
    sides = [Side(product, False, tree_of(product)), Side(floor, True, tree_of(floor))]
    for number in range(ROUNDS + 1):
        for side in sides:
            one = _round(process, side, phones, case, SECONDS if number else WARM_SECONDS, database())
            side.rounds += [one] if number else []
    return Measured(case, *sides)


def _round(
    process: ProcessPoolExecutor,
    side: Side,
    phones: Sequence[Phone],
    case: Case,
    seconds: float,
    database: Tree | None,
) -> Round:
    each = MOST // len(phones) // (1 if side.is_floor else 4) // (1 if case.records == 1 else 2)
    errands = [side.errands(phone, case, each) for phone in phones]
    clocks = [tree.clock() for tree in (side.tree, database) if tree]
    load = process.submit(generator.run, side.server.port, errands, seconds).result()
    _settle(clocks[0])
    spent = [clock() for clock in clocks]
    visits = sum(load.done) * case.records
    if not side.is_floor:
        for phone, done in zip(phones, load.done, strict=True):
            phone.visits += done * case.records
    cuts = [1000 * wait for wait in quantiles(load.waits, n=20)]
    return Round(visits / load.seconds, cuts[9], cuts[18], spent[0] / visits, sum(spent[1:]) / visits)


def _settle(clock: Callable[[], float]) -> None:
    """Waits until the server has done what the round left it to do, as decoding photos."""
    before, now = -100.0, clock()
    while now - before > 10:
        time.sleep(0.1)
        before, now = now, clock()
