"""Figures of official papers, and how they are written: thousands dot, decimal comma, percentages to one decimal."""

from dataclasses import dataclass

TENTHS = 1000
"""Of a whole: percentages are written with one decimal."""


@dataclass(frozen=True)
class Share:
    """A part of a whole, written as a percentage; of nothing there is none."""

    value: int
    over: int

    @property
    def tenths(self) -> int | None:
        """In tenths of a percent, halves upwards."""
        return (2 * TENTHS * self.value + self.over) // (2 * self.over) if self.over > 0 else None


Value = int | Share | None
"""None is what nobody said; zero is a number."""


def value_of(value: int | None, over: int | None) -> Value:
    return value if value is None or over is None else Share(value, over)


def written_figure(done: Value) -> str:
    if isinstance(done, Share):
        return "" if done.tenths is None else written_tenths(done.tenths)
    return "" if done is None else written_number(done)


def written_number(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def written_tenths(tenths: int) -> str:
    """Tenths of a percent as a percentage, without its sign: 985 is "98,5"."""
    whole, rest = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{written_number(whole)},{rest}"


def written_change(change: int | None, in_tenths: bool) -> str:
    """More with a plus, less with a minus, the same as 0."""
    if change is None:
        return ""
    said = written_tenths(change) if in_tenths else written_number(change)
    return f"+{said}" if change > 0 else said
