"""Households as their list and their panel show them."""

from dataclasses import dataclass, field

from fieldapp.domain.card_code import display_short
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.reports.household_detail import CardRow, HouseholdDetail
from fieldapp.reports.household_list import HouseholdRow


@dataclass
class HomeLine:
    """`moved_on` is empty for one that lives here."""

    id: str = ""
    number: str = ""
    head: str = ""
    village: str = ""
    last: str = ""
    state: str = ""
    moved_on: str = ""
    has_card: bool = False


@dataclass
class CardView:
    id: int = 0
    code: str = ""
    state: str = ""
    since: str = ""


@dataclass
class HistoryView:
    at: str = ""
    action: str = ""
    by: str = ""


@dataclass
class HomeView:
    """The panel beside the list; an empty `id` means that it is closed. `drawn` changes with what its forms show."""

    id: str = ""
    drawn: str = ""
    number: str = ""
    head: str = ""
    village: str = ""
    village_id: int = 0
    state: str = ""
    here: bool = False
    moved_on: str = ""
    merged_into: str = ""
    last: str = ""
    visits: int = 0
    cards: list[CardView] = field(default_factory=list)
    history: list[HistoryView] = field(default_factory=list)


def show_home(row: HouseholdRow) -> HomeLine:
    return HomeLine(
        id=str(row.id),
        number=row.number,
        head=row.head_name or "",
        village=row.village,
        last=written_day(row.last_visit_on) if row.last_visit_on else "",
        state=str(row.state),
        moved_on=written_day(row.moved_on) if row.moved_on else "",
        has_card=row.has_card,
    )


def show_detail(detail: HouseholdDetail) -> HomeView:
    home = detail.household
    return HomeView(
        id=str(home.id),
        drawn=f"{home.id} {home.scope_version}",
        number=home.number,
        head=home.head_name or "",
        village=detail.village,
        village_id=home.village_id,
        state=str(home.state),
        here=detail.is_here,
        moved_on=written_day(home.moved_on) if home.moved_on else "",
        merged_into=detail.merged_into or "",
        last=written_day(home.last_visit_on) if home.last_visit_on else "",
        visits=detail.visits,
        cards=[_card(card) for card in detail.cards],
        history=[HistoryView(written_instant(row.at), row.action, row.by) for row in detail.history],
    )


def _card(card: CardRow) -> CardView:
    return CardView(card.id, display_short(card.short_code), str(card.state), written_instant(card.since))
