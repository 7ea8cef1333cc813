"""By when requests about personal data are to be answered and done."""

from datetime import date

import pytest

from fieldapp.domain.data_request import Due, due_days
from fieldapp.domain.working_days import WorkCalendar
from models.data_request import RequestKind

K = RequestKind
DAYS = {K.WITHDRAW: 15, K.RESTRICT: 15, K.ACCESS: 10, K.CORRECT: 10, K.ERASE: 20}


@pytest.mark.parametrize(
    ("kind", "received", "first", "last"),
    [
        (K.WITHDRAW, "2026-11-25", "2026-11-27", "2026-12-10"),
        (K.RESTRICT, "2026-11-26", "2026-11-30", "2026-12-11"),
        (K.ACCESS, "2026-11-28", "2026-12-01", "2026-12-08"),
        (K.CORRECT, "2026-02-13", "2026-02-24", "2026-02-23"),
        (K.ERASE, "2026-08-28", "2026-09-04", "2026-09-17"),
    ],
)
def test_due_days(kind: RequestKind, received: str, first: str, last: str) -> None:
    expected = Due(date.fromisoformat(first), date.fromisoformat(last))
    assert due_days(kind, date.fromisoformat(received), 2, DAYS, WorkCalendar()) == expected
