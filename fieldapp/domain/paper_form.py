"""What stands on an official paper, before anybody lays it out: a report of figures (B1 to B3) or a list (B4 to B7).

None is what nobody said, and prints empty; zero is a number and prints 0. Sums are never given: a table makes its own,
so that every kind of file has the same. Exporter and time are given, so the same paper is the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.figure import Share, Value, value_of
from models.paper_template import PaperKind

REPORTS = (PaperKind.VILLAGE_REPORT, PaperKind.COMMUNE_REPORT, PaperKind.PROVINCE_REPORT)
LISTS = (PaperKind.REGISTER, PaperKind.TARGETS, PaperKind.DIFFICULTIES, PaperKind.GROUPS)


@dataclass(frozen=True)
class FigureLine:
    """One indicator: what is planned and done in the period, done this year, and done in the period before.

    With `over`, a denominator, the figure is a share and `plan` a whole percentage. `value` counts what is approved;
    `waiting` waits beside it and is never in it. `unit` is a word such as "lượt".
    """

    code: str
    name: str
    unit: str
    value: int | None
    plan: int | None = None
    over: int | None = None
    waiting: int = 0
    year: int | None = None
    year_over: int | None = None
    previous: int | None = None
    previous_over: int | None = None
    note: str = ""
    short: str = ""
    """What heads its column in an annex; its name where nothing is said."""

    @property
    def done(self) -> Value:
        return value_of(self.value, self.over)

    @property
    def this_year(self) -> Value:
        return value_of(self.year, self.year_over)

    @property
    def planned(self) -> Value:
        return self.plan if self.over is None or self.plan is None else Share(self.plan, 100)

    @property
    def reached(self) -> Share | None:
        """How much of the plan is done; of a share, how much of the planned percentage."""
        if self.value is None or not self.plan:
            return None
        return Share(self.value, self.plan) if self.over is None else Share(self.value * 100, self.over * self.plan)

    @property
    def change(self) -> int | None:
        """Against the period before, in units; of a share in tenths of a percentage point."""
        now, before = _amount(self.done), _amount(value_of(self.previous, self.previous_over))
        return None if now is None or before is None else now - before


def _amount(done: Value) -> int | None:
    return done.tenths if isinstance(done, Share) else done


@dataclass(frozen=True)
class FigureSection:
    """`number` as it is printed: "I"."""

    number: str
    title: str
    lines: Sequence[FigureLine]


class Form(StrEnum):
    """What the cells of a column are."""

    WORDS = "words"
    NUMBER = "number"
    SHARE = "share"
    DAY = "day"


@dataclass(frozen=True)
class PaperColumn:
    """`width` is a share of the page against its neighbours; `summed` columns get a sum below."""

    head: str
    form: Form = Form.WORDS
    width: int = 10
    summed: bool = False


PaperCell = str | int | date | Share | None


@dataclass(frozen=True)
class PaperTable:
    """Rows are numbered where they are printed."""

    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence[PaperCell]]

    @property
    def has_sums(self) -> bool:
        return any(column.summed for column in self.columns)

    @property
    def sums(self) -> Sequence[Value]:
        """Below each column: what its rows that say something have together; a share of all their wholes."""
        return [self._sum(place) if column.summed else None for place, column in enumerate(self.columns)]

    def _sum(self, place: int) -> Value:
        cells = [row[place] for row in self.rows]
        shares = [cell for cell in cells if isinstance(cell, Share)]
        if shares:
            return Share(sum(share.value for share in shares), sum(share.over for share in shares))
        numbers = [cell for cell in cells if isinstance(cell, int)]
        return sum(numbers) if numbers else None


@dataclass(frozen=True)
class UnitRow:
    """A unit's figures, in the order of the lines of its annex; `state` is a word such as "Đã duyệt"."""

    name: str
    state: str
    figures: Sequence[Value]


@dataclass(frozen=True)
class ByUnit:
    """The annex: a column an indicator, a row a village (of a commune) or a commune (of the province)."""

    title: str
    unit_head: str
    lines: Sequence[FigureLine]
    rows: Sequence[UnitRow]


@dataclass(frozen=True)
class TaskLine:
    """A task that was set from above, and how it stands, in words."""

    name: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class Issuer:
    """The head at the left in capitals: who stands above, if anybody, and who issues it, each of one or more lines.

    `name` is the same in a sentence ("Ủy ban nhân dân xã Ba Tơ"), `place` stands before the date ("Ba Tơ"). `symbol`
    is what stands behind the number ("BC-UBND"); without one the paper has no number, as a village's.
    """

    superior: Sequence[str]
    body: Sequence[str]
    name: str
    place: str
    symbol: str = ""


@dataclass(frozen=True)
class Signer:
    """A column of the signature block: lines of authority in capitals ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH").

    Names are left to whoever signs.
    """

    lines: Sequence[str]


@dataclass(frozen=True)
class Telling:
    """What people wrote beside the numbers, a paragraph each."""

    difficulties: Sequence[str] = ()
    proposals: Sequence[str] = ()
    practice: Sequence[str] = ()
    plan: Sequence[str] = ()


@dataclass(frozen=True)
class ReportPaper:
    """B1, B2 or B3. `subject` is what it is about ("Kết quả hoạt động ... tháng 8 năm 2026"), `period` its days in
    words ("Tháng 8 năm 2026"). `missing` are the units whose report is not in it. `receivers` have no dash or stop.
    """

    kind: PaperKind
    issuer: Issuer
    subject: str
    period: str
    days: DayRange
    as_of: datetime
    sections: Sequence[FigureSection]
    signers: Sequence[Signer]
    exporter: str
    made_at: datetime
    telling: Telling = Telling()
    tasks: Sequence[TaskLine] = ()
    by_unit: ByUnit | None = None
    missing: Sequence[str] = ()
    missing_unit: str = ""
    """What the missing are, in one word: "thôn", "xã"."""

    receivers: Sequence[str] = ()
    version: int = 1
    sample: bool = False

    @property
    def lines(self) -> Sequence[FigureLine]:
        return [line for section in self.sections for line in section.lines]


@dataclass(frozen=True)
class TablePaper:
    """B4 to B7: one table on a page that lies on its side. `title` is what it is ("DANH SÁCH"), `subject` of what."""

    kind: PaperKind
    issuer: Issuer
    title: str
    subject: str
    as_of: datetime
    table: PaperTable
    signers: Sequence[Signer]
    exporter: str
    made_at: datetime
    receivers: Sequence[str] = ()
    notes: Sequence[str] = ()
    sample: bool = False
