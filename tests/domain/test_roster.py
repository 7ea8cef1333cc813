"""What people write in lists: names, telephone numbers, places; and that any bytes end in a name."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.person_name import read_name
from fieldapp.domain.phone_number import read_phone
from fieldapp.domain.place_name import Places
from fieldapp.domain.roster import COLUMNS, heads_of, needed_of, read_line
from fieldapp.domain.sheet import Line, read_lines
from fieldapp.domain.sheet_cell import Odd
from fieldapp.i18n import LOCALES, catalogue
from fieldapp.problems import Problem
from models.roster_import import ImportKind
from models.team import SeatRole


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0905123456", "0905123456"),
        ("905123456", "0905123456"),
        ("+84 905 123 456", "0905123456"),
        ("0084.905.123.456", "0905123456"),
        ("84905123456", "0905123456"),
        ("(0905) 123-456", "0905123456"),
        ("0000123456", "0000123456"),
        ("0255123456", None),
        ("090512345", None),
        ("09051234567", None),
        ("0105123456", None),
        ("+1 905 123 4567", None),
        ("０９０５１２３４５６", None),
        ("0905123456a", None),
        ("", None),
    ],
)
def test_telephone_numbers_are_read_as_people_write_them(written: str, read: str | None) -> None:
    assert read_phone(written) == read


@given(st.text(max_size=40))
def test_what_is_read_as_a_number_is_ten_digits_and_reads_the_same_again(text: str) -> None:
    phone = read_phone(text)
    assert phone is None or (len(phone) == 10 and phone.isascii() and phone.isdigit() and read_phone(phone) == phone)


@pytest.mark.parametrize(
    "name", ["A Thút", "Y Hoa", "Y", "Đinh Thị Lan", "K'Brông", "Nguyễn-Trần Hà", "H’Hen Niê", "TRẦN VĂN BÌNH"]
)
def test_names_of_any_people_are_names(name: str) -> None:
    assert read_name(name) == name
    assert read_name(f"  {name}  ") == name


@pytest.mark.parametrize(
    "name", ["", " ", "Lan 2", "0905123456", "=A1", "-", "'", "Lan;", "Lan\u202e", "<b>", "x" * 121]
)
def test_what_is_no_name_is_none(name: str) -> None:
    assert read_name(name) is None


def test_a_name_is_composed_however_it_was_typed() -> None:
    assert read_name("Đa\u0306\u0323ng") == "Đặng"


PLACES = Places({1: ("Thôn Sơn Hà", "21172001"), 2: ("Thôn Sơn Hạ", "21172002"), 3: ("Tổ dân phố 5", "21172003")})


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("Thôn Sơn Hà", 1),
        ("Thôn Sơn Hạ", 2),
        ("21172002", 2),
        ("thon son ha", None),
        ("Sơn Hạ", None),
        ("TDP 5", 3),
        ("5", 3),
        ("tổ dân phố  5", 3),
        ("Thôn 5", 3),
        ("6", None),
    ],
)
def test_places_are_found_by_code_and_name_and_never_guessed(said: str, place: int | None) -> None:
    assert PLACES.find(said) == place
    assert PLACES.is_shared(said) == (place is None and said != "6")


def test_every_column_has_a_head_in_both_languages_that_finds_it_again() -> None:
    for kind in ImportKind:
        for locale in LOCALES:
            words = [catalogue(locale)[f"roster.column.{column.name}"] for column in COLUMNS[kind]]
            text = io.StringIO()
            csv.writer(text).writerows([words, ["1"] * len(words)])
            (line,) = read_lines(text.getvalue().encode(), heads_of(kind), needed_of(kind))
            assert set(line.cells) == {column.name for column in COLUMNS[kind]}


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("Tổ trưởng", SeatRole.LEADER),
        ("TỔ PHÓ", SeatRole.DEPUTY),
        ("thanh vien", SeatRole.MEMBER),
        ("", SeatRole.MEMBER),
    ],
)
def test_roles_are_read_as_they_are_said(said: str, role: SeatRole) -> None:
    entry = read_line(ImportKind.MEMBERS, Line(2, {"name": "Y Hoa", "village": "1", "role": said}))
    assert (entry.read["role"], entry.faults) == (role, [])


@pytest.mark.parametrize("odd", list(Odd))
def test_a_cell_that_is_no_text_is_a_fault_and_never_a_value(odd: Odd) -> None:
    for kind in ImportKind:
        cells = {column.name: odd for column in COLUMNS[kind]}
        entry = read_line(kind, Line(2, cells))
        assert {(fault.column, fault.code) for fault in entry.faults} == {(name, odd.value) for name in cells}
        assert entry.read == {}


def lines_or_problem(content: bytes) -> list[Line] | str:
    try:
        return read_lines(content, heads_of(ImportKind.HOUSEHOLDS), needed_of(ImportKind.HOUSEHOLDS))
    except Problem as problem:
        return problem.code


@settings(max_examples=60)
@given(st.binary(max_size=600), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]))
def test_any_bytes_end_in_lines_or_in_a_named_problem(content: bytes, start: bytes) -> None:
    found = lines_or_problem(start + content)
    assert isinstance(found, list) or found.startswith("sheet_")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=8))
def test_any_cells_are_read_line_by_line(rows: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("Thôn", "Số hộ"), *rows])
    found = lines_or_problem(text.getvalue().encode("utf-8", "replace"))
    if isinstance(found, str):
        assert found in ("sheet_empty", "sheet_broken", "sheet_foreign", "sheet_heads_twice")
        return
    for line in found:
        entry = read_line(ImportKind.HOUSEHOLDS, line)
        assert bool(entry.faults) or {"village", "number"} <= entry.read.keys()
