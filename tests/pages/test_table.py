"""Tables of the desk: on a phone each row of a list says what its cells are."""

import reflex as rx

from fieldapp.components.table import Column, cell, figure_cell, table


def drawn(*kinds: str) -> str:
    """What React is given for a table with columns of these kinds, of one line."""
    columns = [Column(f"head {place}", kind) for place, kind in enumerate(kinds)]

    def row(line: rx.Var) -> rx.Component:
        return rx.el.tr(*(figure_cell(line) if kind == "num" else cell(line) for kind in kinds))

    return str(table("caption", columns, rx.Var.create([1]), row))


def test_each_cell_of_a_list_bears_the_words_of_its_column() -> None:
    shown = drawn("", "", "num")
    assert "table-wrap listed" in shown
    assert all(f'"data-label":"head {place}"' in shown.replace(" : ", ":") for place in range(3))


def test_a_table_of_mostly_numbers_stays_one() -> None:
    assert "table-wrap compared" in drawn("", "num", "num")
    assert "table-wrap compared" in drawn("", "num")
