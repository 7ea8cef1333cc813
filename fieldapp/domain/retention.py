"""For how long things are kept: whole months back from a Vietnamese day."""

from datetime import date

from fieldapp.domain.vn_time import month_end


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))
