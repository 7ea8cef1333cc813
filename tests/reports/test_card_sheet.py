"""What a village prints and cuts: every QR leads to its own card, and no name runs into another card or a QR."""

import time

import pytest

from fieldapp.domain.card_code import card_address, display_short, make_code, make_short_code
from fieldapp.domain.printed_card import PrintedCard
from fieldapp.i18n import text
from fieldapp.reports.card_sheet import card_sheet
from tests.papers import Rectangle, SeenPage, read_pdf

HOST = "toso.quangngai.gov.vn"
VILLAGE, COMMUNE = "Thôn Đông Hòa", "Xã Sơn Tịnh"
PLACE = (VILLAGE, COMMUNE, HOST)
WIDTH, HEIGHT = 85.6, 54.0
LONG_NAMES = [
    ("12/3A Trần Hưng Đạo", "Công Tằng Tôn Nữ Thị Nguyệt Hường Ngưỡng Thuỷ Nghiêng"),
    ("K27/15/3B-PhòngA1205", "ẴẪỄỖỮ " * 20),
    ("W" * 20, "W" * 120),
    ("1", "Nguyễn " * 17),
]


def card(number: str | None = None, name: str | None = None) -> PrintedCard:
    return PrintedCard(make_code(), make_short_code(), number, name)


def addresses(cards: list[PrintedCard], host: str = HOST) -> list[str]:
    return [card_address(host, c.code) for c in cards]


def areas(page: SeenPage) -> list[Rectangle]:
    """The ten cards of an A4 page, after the cut."""
    left, top = (210 - 2 * WIDTH) / 2, (297 - 5 * HEIGHT) / 2
    corners = [(left + i * WIDTH, top + j * HEIGHT) for j in range(5) for i in range(2)]
    return [Rectangle(x, y, x + WIDTH, y + HEIGHT) for x, y in corners]


def stray_letters(page: SeenPage) -> list[str]:
    """Letters that no single card holds, or that touch a QR or the quiet zone around it."""
    cards = areas(page)
    quiet = [qr.place.grown(3) for qr in page.qrs]
    return [
        letter
        for letter, place in page.letters
        if not any(c.holds(place) for c in cards) or any(q.overlaps(place) for q in quiet)
    ]


def test_each_qr_holds_the_address_of_its_own_card():
    cards = [card(str(number), f"Nguyễn Văn {number}") for number in range(1, 13)] + [card() for _ in range(3)]
    first, second = read_pdf(card_sheet(cards, *PLACE))
    assert first.addresses + second.addresses == addresses(cards)


def test_a_known_household_finds_its_number_name_place_and_short_code_on_the_card():
    printed = card("128", "Nguyễn Thị Hoàng Phượng")
    (page,) = read_pdf(card_sheet([printed], *PLACE))
    expected = ("Tổ Số", "128", "Nguyễn Thị Hoàng Phượng", VILLAGE, COMMUNE, display_short(printed.short_code))
    assert [words for words in expected if words not in page.words] == []


def test_a_household_without_a_name_has_its_number_alone():
    (page,) = read_pdf(card_sheet([card("7")], *PLACE))
    assert text("card.write_number") not in page.words
    assert "None" not in page.words


def test_an_anonymous_card_has_a_line_to_write_the_number_on():
    (page,) = read_pdf(card_sheet([card()], *PLACE))
    assert text("card.write_number") in page.words


def test_long_names_stay_on_their_card_and_off_the_qr():
    cards = [card(number, name) for number, name in LONG_NAMES]
    long_place = ("Tổ dân phố Nguyễn Nghiêm - Trần Hưng Đạo số 12 mở rộng", "Đặc khu Trường Sa Phường Nghĩa Lộ cũ")
    (page,) = read_pdf(card_sheet(cards, *long_place, HOST, sample=True))
    assert stray_letters(page) == []
    assert page.addresses == addresses(cards)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_a_long_name_does_not_run_into_the_village(locale: str):
    full = card("12/3A Trần Hưng Đạo", "Ẵ " * 60)
    (page,) = read_pdf(card_sheet([full], "ỖỮ " * 13, "Đặc khu Trường Sa Phường Nghĩa Lộ", HOST, locale))
    name_ends = max(place.bottom for letter, place in page.letters if letter == "Ẵ")
    assert name_ends < min(place.top for letter, place in page.letters if letter in "ỖỮ")


def test_qrs_are_large_enough_for_a_cheap_camera():
    (page,) = read_pdf(card_sheet([card("1", "Đinh Thị Lan")], *PLACE), dpi=300)
    (qr,) = page.qrs
    modules = 17 + 4 * qr.version
    assert qr.place.right - qr.place.left >= 28
    assert (qr.place.right - qr.place.left) / modules >= 0.7
    assert qr.level == "Q"


def test_a_qr_is_read_from_a_coarse_picture():
    cards = [card(str(number)) for number in range(1, 11)]
    (page,) = read_pdf(card_sheet(cards, *PLACE), dpi=80)
    assert page.addresses == addresses(cards)


def test_a_host_of_30_characters_keeps_the_qr_small():
    host = "the-ho.toso.quangngai.gov.vn.x"
    assert len(host) == 30
    printed = card("1")
    (page,) = read_pdf(card_sheet([printed], VILLAGE, COMMUNE, host))
    assert page.addresses == addresses([printed], host)
    assert page.qrs[0].version <= 4


def test_sample_cards_say_so_and_real_ones_do_not():
    cards = [card("1", "Đinh Thị Lan")]
    (sample,), (real,) = read_pdf(card_sheet(cards, *PLACE, sample=True)), read_pdf(card_sheet(cards, *PLACE))
    mark = set(text("card.sample")) - {" "}
    assert mark <= {letter for letter, _ in sample.letters}
    assert text("card.sample") not in real.words
    assert sample.addresses == real.addresses


def test_a_hundred_cards_are_ten_pages():
    cards = [card(str(number), "Hồ Văn Ngưỡng") for number in range(100)]
    started = time.perf_counter()
    pdf = card_sheet(cards, *PLACE)
    print(f"100 cards: {time.perf_counter() - started:.1f} s, {len(pdf) // 1000} kB")
    pages = read_pdf(pdf)
    assert [len(page.qrs) for page in pages] == [10] * 10
    assert [address for page in pages for address in page.addresses] == addresses(cards)
