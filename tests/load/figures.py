"""Figures as they are printed: each beside its budget, if it has one, and whether it keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("", "figure", "budget", "")


@dataclass(frozen=True)
class Figure:
    """`budget` is the most, or with `at_least` the least, that this figure may be."""

    name: str
    value: float
    unit: str = ""
    budget: float | None = None
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        assert self.budget is not None
        return self.value >= self.budget if self.at_least else self.value <= self.budget

    def row(self) -> Sequence[str]:
        if self.budget is None:
            return self.name, self._written(self.value), "", ""
        limit = f"{'at least' if self.at_least else 'at most'} {self._written(self.budget)}"
        return self.name, self._written(self.value), limit, "met" if self.is_met else "MISSED"

    def _written(self, value: float) -> str:
        number = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2g}"
        return f"{number} {self.unit}".strip()


def print_figures(title: str, figures: Sequence[Figure]) -> None:
    print_table(title, HEAD, [figure.row() for figure in figures])


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    print(f"{title}\n")
    for row in (head, ["-" * width for width in widths], *rows):
        print("| " + " | ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) + " |")
    print(flush=True)


def p95(waits: Sequence[float]) -> float:
    """Of at least twenty, the value that one in twenty exceeds; of fewer, the greatest."""
    ordered = sorted(waits)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * 95 // 100) - 1)]
