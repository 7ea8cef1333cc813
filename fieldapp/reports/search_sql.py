"""The nearness of `domain/search_rank.py`, asked of the database, so that only the nearest rows leave it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, case, func, or_

from fieldapp.domain.search_rank import Nearness, words_of


def holds(key: Column[Any], typed: str) -> ColumnElement[bool]:
    """Every word that was typed stands somewhere in the name."""
    return and_(*(key.contains(word, autoescape=True) for word in words_of(typed)))


def nearness(key: Column[Any], typed: str, before: Sequence[str] = ()) -> ColumnElement[int]:
    """Of a name that `holds` what was typed."""
    words = words_of(typed)
    starts = [one + " ".join(words) for one in ("", *before)]
    begins = [or_(key.startswith(word, autoescape=True), key.contains(" " + word, autoescape=True)) for word in words]
    return case(
        (key.in_(starts), Nearness.EXACT.value),
        (or_(*(key.startswith(start, autoescape=True) for start in starts)), Nearness.PREFIX.value),
        (and_(*begins), Nearness.WORDS.value),
        else_=Nearness.INSIDE.value,
    )


def nearest(query: Select, key: Column[Any], near: ColumnElement[int], limit: int) -> Select:
    """The nearest first, of two the shorter name; `near` is the first column of the query."""
    return query.order_by(near, func.length(key), key, query.selected_columns[1]).limit(limit)
