"""The slices of Báo cáo kỳ: the reports of one's villages, the one that is open, the visits behind a number."""

from dataclasses import dataclass

from fieldapp.device.shapes import VisitLine


@dataclass
class ReportLine:
    """`left` days until it is due, or `late` ones since; `asks`: to be submitted; `more` came to an approved one."""

    id: str
    kind: str
    n: int
    year: int
    title: str
    days: str
    village: str
    state: str
    due: str
    left: int
    late: int
    asks: bool
    more: bool


@dataclass
class Reports:
    ready: bool
    lines: list[ReportLine]


@dataclass
class FigureLine:
    """A `shared` one is in percent, of `value` of `over`; `typed` is empty where nothing was entered yet."""

    code: str
    name: str
    unit: str
    manual: bool
    typed: str
    known: bool
    value: int
    over: int
    shared: bool
    percent: int
    waiting: int
    plan: int
    reached: int
    width: str
    previous: int
    has_previous: bool
    year: int
    has_year: bool
    odd: str
    reason: str
    zero: bool
    missing: str
    opens: bool


@dataclass
class ReportSection:
    code: str
    lines: list[FigureLine]


@dataclass
class ReportText:
    part: str
    text: str
    missing: str


@dataclass
class Addition:
    """What has come to a number since it was locked, with its sign, or what it was and became when it was."""

    code: str
    name: str
    unit: str
    n: str


@dataclass
class OpenReport(ReportLine):
    """`at` is asked for by the address; whoever `leads` by office submits; `writes`: it can be filled in now."""

    ready: bool
    at: str
    found: bool
    writes: bool
    locked: bool
    number: int
    as_of: str
    received: str
    by: str
    reason: str
    leads: bool
    opens_on: str
    unsent: int
    undecided: int
    sections: list[ReportSection]
    asked: list[FigureLine]
    lacks: int
    texts: list[ReportText]
    totals: list[FigureLine]
    moved: list[Addition]
    since: list[Addition]
    draft: bool
    refused: str
    refused_reason: str
    superseded: str
    superseded_by: str
    superseded_at: str
    text: str
    text_error: str
    shares: bool


@dataclass
class Behind:
    """`since`: the phone carries visits from that day on only; empty where it carries all of the period."""

    open: bool
    name: str
    approved: int
    waiting: int
    lines: list[VisitLine]
    more: int
    since: str
