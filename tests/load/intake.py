"""Rounds of intake, the product and the floor in turn: how many visits a second, how long each waits, what it costs."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import median

from tests.e2e.stage import Server
from tests.load import generator
from tests.load.field import Field, Phone, floor_photos, jpeg, no_picture, pushes, pushes_with_photo
from tests.load.figures import Figure, p95, print_table
from tests.load.generator import Errand
from tests.load.servers import Tree, tree_of

ROUNDS = 3
SECONDS = 1.2
WARM_SECONDS = 0.3
BATCH = 50
MOST = 4_000
"""Errands that are made ready for a round of the floor; the product, far slower, is given a quarter."""


HEAD = ("", "visits/s", "p50 ms", "p95 ms", "CPU-ms", "database CPU-ms", "floor visits/s", "floor CPU-ms", "ratio")


@dataclass(frozen=True)
class Case:
    name: str
    clients: int
    records: int = 1
    picture: Callable[[], bytes] | None = None
    together: bool = False
    ratio: float | None = None
    """The least of the floor's rate that PostgreSQL has to reach."""


CASES = (
    Case("1 client", 1),
    Case("4 clients", 4, ratio=0.4),
    Case("16 clients", 16),
    Case("16 clients, one village", 16, together=True),
    Case("1 client, batches of 5", 1, records=5),
    Case("4 clients, batches of 5", 4, records=5),
    Case("16 clients, batches of 5", 16, records=5),
    Case("1 client, photo of 150 KB", 1, picture=jpeg),
    Case("4 clients, photo of 150 KB", 4, picture=jpeg, ratio=0.5),
    Case("16 clients, photo of 150 KB", 16, picture=jpeg),
    Case("4 clients, photo, nothing to decode", 4, picture=no_picture),
)
CPU, P95 = 5, 20


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


def measure_all(
    process: ProcessPoolExecutor,
    database: str,
    people: Field,
    product: Server,
    floor: Server,
    backend: Callable[[], Tree | None],
) -> list[Figure]:
    """Prints all cases on one database; gives the figures that have budgets on PostgreSQL."""
    measured = [measure(process, case, people, product, floor, backend) for case in CASES]
    print_table(f"Intake on {database}", HEAD, [_row(m) for m in measured])
    figures = []
    for m in measured:
        name = f"intake, {m.case.name}, {database}"
        if m.case.ratio is not None:
            figures.append(Figure(f"{name}, of the floor", m.ratio, "", m.case.ratio, at_least=True))
        if m.case == CASES[1]:
            figures.append(Figure(f"{name}, CPU a visit", m.ours.middle("cpu"), "ms", CPU))
            figures.append(Figure(f"{name}, p95", m.ours.middle("p95"), "ms", P95))
    return figures if database == "PostgreSQL" else []


def bring_up_to(process: ProcessPoolExecutor, people: Field, product: Server, visits: int, together: int) -> None:
    """Sends what is missing to so many visits, and to so many in the one village, in batches as after a day offline."""
    here, there = (sum(phone.visits for phone in phones) for phones in (people.together, people.apart))
    missing = max(visits - here - there, together - here)
    senders = people.together[:4]
    each = max(0, -(-missing // (BATCH * len(senders))))
    errands = [pushes(phone, product.origin, each, BATCH) for phone in senders]
    process.submit(generator.run, product.port, errands, 600.0).result()
    for phone in senders:
        phone.visits += each * BATCH


def _row(measured: Measured) -> Sequence[str]:
    ours, floor = measured.ours.middle, measured.floor.middle
    figures = (ours("rate"), ours("p50"), ours("p95"), ours("cpu"), ours("database_cpu"), floor("rate"), floor("cpu"))
    places = (0, 1, 1, 1, 1, 0, 1)
    words = [f"{figure:.{place}f}" for figure, place in zip(figures, places, strict=True)]
    return measured.case.name, *words, f"{measured.ratio:.2f}"


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
    waits = [1000 * wait for wait in load.waits]
    return Round(visits / load.seconds, median(waits), p95(waits), spent[0] / visits, sum(spent[1:]) / visits)


def _settle(clock: Callable[[], float]) -> None:
    """Waits until the server has done what the round left it to do, as decoding photos."""
    before, now = -100.0, clock()
    while now - before > 10:
        time.sleep(0.1)
        before, now = now, clock()
