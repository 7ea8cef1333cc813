"""Fills a database with visits in statements over sets: a year of a province in a minute, not in a day.

Every row follows from its number by arithmetic, so two fillings of a size are equal. Shares are those of the sample
data. Counters are grouped from the raw rows by the database itself; `tests/reports/test_flatness.py` has `reconcile`
prove them. Records, audit rows and photos are left out: nothing that is measured on such a database reads them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Column, Date, DateTime, Integer, MetaData, String, Table, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from fieldapp.domain.counting import COMMUNE_FIGURES, COUNTED, PARTS
from fieldapp.domain.visit import HELPED
from fieldapp.domain.vn_time import half_month, month_start
from fieldapp.services.counters import best_rungs
from models.counter import HouseholdPlatform
from models.platform import Pillar, Platform
from models.unit import Division, Unit, UnitKind
from models.visit import Beneficiary, Result, VisitMode

YEAR = 2025
DAYS = 365
STILL_WAITING = 10
"""Days at the end of the year of which half the visits still wait for review."""

PLATFORMS = {
    "VNEID": 22, "DVC": 18, "TTTT": 13, "SSK": 9, "VI": 6, "VSSID": 6, "ATTT": 5, "BDHVS": 5, "CKS": 4, "GHS": 4,
    "PAHT": 3, "DATDAI": 3, "GD": 1, "CSXH": 1,
}  # fmt: skip
SHARES: dict[str, dict[str, int]] = {
    "platform": PLATFORMS,
    "result": {
        Result.INDEPENDENT: 38, Result.INSTALLED: 33, Result.INTRODUCED: 14, Result.COME_BACK: 8,
        Result.NO_DEVICE: 5, Result.ABSENT: 1, Result.DECLINED: 1,
    },
    "beneficiary": {
        Beneficiary.PERSON: 58, Beneficiary.HOUSEHOLD: 32, Beneficiary.BUSINESS_HOUSEHOLD: 8,
        Beneficiary.ENTERPRISE: 1, Beneficiary.COOPERATIVE: 1,
    },
    "mode": {VisitMode.HOME: 74, VisitMode.COMMUNITY_HOUSE: 18, VisitMode.PHONE: 8},
    "decided": {"approved": 96, "returned": 4},
    "recent": {"waiting": 50, "approved": 48, "returned": 2},
}  # fmt: skip
"""In percent; a visit draws one of each, and a second platform with a result of its own."""

SQLITE_SETTINGS = ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-2000000", "PRAGMA temp_store=MEMORY")
"""Two gigabytes of pages: rows come in the order of numbers, so each index is written to all over."""
POSTGRES_SETTINGS = ("SET session_replication_role = replica", "SET work_mem = '256MB'")

_PRIME = 2_147_483_647
_DAY = Table(
    "load_day", MetaData(),
    Column("n", Integer, primary_key=True), Column("day", Date), Column("half", Date), Column("month", Date),
    Column("year", Date), Column("at", DateTime(timezone=True)),
    Column("share", String(10)),
)  # fmt: skip
_WORD = Table(
    "load_word", _DAY.metadata,
    Column("share", String(20), primary_key=True), Column("n", Integer, primary_key=True), Column("word", String(24)),
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """How much there is of everything; `villages` and `homes` are for each commune and each village."""

    visits: int
    communes: int = 96
    villages: int = 18
    homes: int = 60
    members: int = 5

    @property
    def all_villages(self) -> int:
        return self.communes * self.villages


async def fill(url: str, shape: Shape) -> None:
    """Fills a migrated, empty database; nothing else may use it meanwhile."""
    engine = create_async_engine(url)
    sqlite = engine.dialect.name == "sqlite"
    async with engine.connect() as connection:
        for setting in SQLITE_SETTINGS if sqlite else POSTGRES_SETTINGS:
            await connection.execute(text(setting))
        await connection.commit()
        await _look_ups(connection)
        await _places(connection, shape)
        for statement in _statements(sqlite, shape):
            await connection.execute(text(statement))
        rungs = best_rungs()
        await connection.execute(insert(HouseholdPlatform.__table__).from_select(list(rungs.selected_columns), rungs))
        await connection.run_sync(_DAY.metadata.drop_all)
        await connection.commit()
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE" if sqlite else "VACUUM ANALYZE"))
    await engine.dispose()


async def _look_ups(connection: AsyncConnection) -> None:
    """Days with their periods, and for each share a hundred words of which an arithmetic dice picks one."""
    await connection.run_sync(_DAY.metadata.create_all)
    await connection.execute(insert(_DAY), [_day(n) for n in range(DAYS)])
    words = [
        {"share": share, "n": n, "word": str(word)}
        for share, weights in SHARES.items()
        for n, word in enumerate(_drawn(weights))
    ]
    await connection.execute(insert(_WORD), words)


def _day(n: int) -> dict[str, Any]:
    day = date(YEAR, 1, 1) + timedelta(days=n)
    return {
        "n": n,
        "day": day,
        "half": half_month(day),
        "month": month_start(day),
        "year": date(YEAR, 1, 1),
        "at": datetime.combine(day, time(3), UTC),
        "share": "recent" if n >= DAYS - STILL_WAITING else "decided",
    }


def _drawn(weights: dict[str, int]) -> Iterator[str]:
    ends = list(accumulate(weights.values()))
    assert ends[-1] == 100, weights
    for n in range(100):
        yield next(word for word, end in zip(weights, ends, strict=True) if n < end)


async def _places(connection: AsyncConnection, shape: Shape) -> None:
    """One province; its communes have the ids from 2, their villages those behind, a team and members in each."""
    since = date(2020, 1, 1)
    platforms = [
        {"code": code, "position": n, "pillar": list(Pillar)[n % len(Pillar)], "icon": "globe", "approved": True,
         "name_vi": code, "name_en": code, "short_vi": code, "short_en": code, "scope_version": 1}
        for n, code in enumerate(PLATFORMS)
    ]  # fmt: skip
    await connection.execute(insert(Platform.__table__), platforms)

    def unit(number: int, kind: UnitKind, parent: int | None, division: Division) -> dict[str, Any]:
        name = f"{kind} {number}"
        return {
            "id": number, "code": str(number), "kind": kind, "division": division, "name": name, "key": name,
            "parent_id": parent, "is_sample": True, "valid_from": since,
        }  # fmt: skip

    communes = range(2, 2 + shape.communes)
    villages = range(communes.stop, communes.stop + shape.all_villages)
    rows = [
        unit(1, UnitKind.PROVINCE, None, Division.TINH),
        *(unit(n, UnitKind.COMMUNE, 1, Division.XA) for n in communes),
        *(unit(n, UnitKind.VILLAGE, 2 + (n - villages.start) % shape.communes, Division.THON) for n in villages),
    ]
    await connection.execute(insert(Unit.__table__), rows)


def _series(count: int) -> str:
    return f"WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < {count - 1})"


def _statements(sqlite: bool, shape: Shape) -> Sequence[str]:
    """In SQL that both databases know, but for how a number becomes an id."""
    since, at, first = "'2020-01-01'", "'2020-01-01 00:00:00+00:00'", 2 + shape.communes

    def key(number: str, kind: int) -> str:
        number = f"(CAST({number} AS BIGINT) + {kind} * CAST(1099511627776 AS BIGINT))"
        return f"printf('%032x', {number})" if sqlite else f"lpad(to_hex({number}), 32, '0')::uuid"

    def dice(multiplier: int, of: str = "s.n") -> str:
        return f"(CAST({of} + 1 AS BIGINT) * {multiplier} % {_PRIME} % 100)"

    def word(alias: str, share: str, multiplier: int, of: str = "s.n") -> str:
        return f"JOIN load_word {alias} ON {alias}.share = {share} AND {alias}.n = {dice(multiplier, of)}"

    n = shape.all_villages
    helped = ", ".join(f"'{result}'" for result in HELPED)
    yes, no = ("1", "0") if sqlite else ("TRUE", "FALSE")
    home = f"(s.n % {n}) * {shape.homes} + (s.n / {n}) % {shape.homes}"
    number = f"CAST(s.n % {n} + {first} AS INTEGER)"
    commune = f"CAST(s.n % {n} % {shape.communes} + 2 AS INTEGER)"
    member = f"CAST(s.n % {n} * {shape.members} + (s.n / {n}) % {shape.members} + 1 AS INTEGER)"
    people = f"1 + {dice(62089911)} / 62"
    counted = "v.state, COUNT(*), SUM(o.people)"
    periods = "\n UNION ALL ".join(
        f"SELECT household_id, '{kind}', {column}, MIN(village_id), MIN(commune_id), "
        f"{_tally('visits')} FROM load_helped GROUP BY household_id, {column}"
        for kind, column in (("day", "day"), ("month", "month"), ("year", "year"))
    )
    facets = "\n UNION ALL ".join(
        f"SELECT '{facet}', d.half, {part}, {word}, {_tally('c.support_count')}, {_tally('c.people_count')}, "
        f"SUM(CASE WHEN c.state = 'approved' AND c.result = 'independent' THEN c.support_count ELSE 0 END) "
        "FROM village_count c JOIN unit u ON u.id = c.village_id JOIN load_day d ON d.day = c.day GROUP BY 1, 2, 3, 4"
        for facet, part, word in (
            ("all", "u.parent_id", "''"),
            ("platform", f"u.parent_id % {PARTS}", "c.platform_code"),
            ("result", f"u.parent_id % {PARTS}", "c.result"),
        )
    )
    return [
        f"INSERT INTO scope (key, version) {_series(n)} SELECT 'village:' || (n + {first}), 1 FROM s",
        "INSERT INTO scope (key, version) VALUES ('province', 1)",
        f"""INSERT INTO team (id, level, name, key, commune_id, valid_from) {_series(n)}
            SELECT {number}, 'village', 'team ' || n, 'team ' || n, {commune}, {since} FROM s""",
        f"""INSERT INTO team_village (team_id, village_id, valid_from) {_series(n)}
            SELECT {number}, {number}, {since} FROM s""",
        f"""INSERT INTO member (id, full_name, key, is_sample, created_at) {_series(n * shape.members)}
            SELECT n + 1, 'Đinh Thị ' || n, 'dinh thi ' || n, {yes}, {at} FROM s""",
        f"""INSERT INTO seat (id, team_id, member_id, role, valid_from) {_series(n * shape.members)}
            SELECT n + 1, n / {shape.members} + {first}, n + 1,
              CASE WHEN n % {shape.members} = 0 THEN 'leader' ELSE 'member' END, {since} FROM s""",
        f"""INSERT INTO device (id, member_id, label, created_at, last_contact_at)
            {_series(n * shape.members)} SELECT {key("n", 3)}, n + 1, 'phone', {at}, {at} FROM s""",
        f"""INSERT INTO household (id, village_id, number, head_name, key, state, scope_version, created_at)
            {_series(n * shape.homes)} SELECT {key("n", 1)}, n / {shape.homes} + {first}, n % {shape.homes} + 1,
            'Nguyễn Văn ' || n, 'nguyen van ' || n, 'confirmed', 1, {at} FROM s""",
        f"""INSERT INTO visit (id, root_id, version, author_id, team_id, village_id, commune_id, household_id, mode,
              beneficiary, people, note, identified_by, verified, device_made_at, made_at, done_on, received_at, state,
              needs_look, scope_version)
            {_series(shape.visits)}
            SELECT {key("s.n", 2)}, {key("s.n", 2)}, 1, {member}, {number}, {number}, {commune}, {key(home, 1)}, m.word,
              b.word, {people}, '', 'scan', {yes}, d.at, d.at, d.day, d.at, w.word, {no}, 1
            FROM s JOIN load_day d ON d.n = s.n % {DAYS}
            {word("m", "'mode'", 48271)} {word("b", "'beneficiary'", 69621)} {word("w", "d.share", 16807)}""",
        # The first platform of every visit, and a second one unless the dice show the same.
        f"""INSERT INTO outcome (visit_id, platform_code, result, people, detail) {_series(shape.visits)}
            SELECT {key("s.n", 2)}, p.word, r.word, {people}, '{{}}' FROM s
            {word("p", "'platform'", 39373)} {word("r", "'result'", 742938285)}""",
        f"""INSERT INTO outcome (visit_id, platform_code, result, people, detail) {_series(shape.visits)}
            SELECT {key("s.n", 2)}, q.word, r.word, {people}, '{{}}' FROM s
            {word("p", "'platform'", 39373)} {word("q", "'platform'", 950706376)} {word("r", "'result'", 1226874159)}
            WHERE q.word <> p.word""",
        f"""INSERT INTO village_count (village_id, day, team_id, member_id, platform_code, result, mode, beneficiary,
              state, support_count, people_count)
            SELECT v.village_id, v.done_on, v.team_id, v.author_id, o.platform_code, o.result, v.mode, v.beneficiary,
              {counted}
            FROM visit v JOIN outcome o ON o.visit_id = v.id GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9""",
        f"""INSERT INTO commune_count (facet, half_month, part, word, {", ".join(COMMUNE_FIGURES)})
            {facets}""",
        f"""CREATE TEMPORARY TABLE load_helped AS
            SELECT v.household_id, d.day, d.month, d.year, v.village_id, v.commune_id, v.state, COUNT(*) AS visits
            FROM visit v JOIN load_day d ON d.day = v.done_on
            WHERE EXISTS (SELECT 1 FROM outcome o WHERE o.visit_id = v.id AND o.result IN ({helped}))
            GROUP BY 1, 2, 3, 4, 5, 6, 7""",
        f"""INSERT INTO household_period
            (household_id, kind, starts_on, village_id, commune_id, {", ".join(COUNTED)})
            {periods}""",
        "DROP TABLE load_helped",
        """INSERT INTO household_count (village_id, kind, starts_on, commune_id, approved, standing)
            SELECT village_id, kind, starts_on, MIN(commune_id), SUM(CASE WHEN approved > 0 THEN 1 ELSE 0 END),
              SUM(CASE WHEN approved + waiting > 0 THEN 1 ELSE 0 END)
            FROM household_period GROUP BY 1, 2, 3""",
    ]


def _tally(column: str) -> str:
    """Sums by state, in the order in which all counters name the states."""
    return ", ".join(f"SUM(CASE WHEN state = '{state}' THEN {column} ELSE 0 END)" for state in COUNTED)
