"""Household cards as an A4 PDF to print and cut; what a card looks like stands in `templates/card_sheet.typ`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typst
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_Q

from fieldapp.domain.card_code import card_address, display_short
from fieldapp.domain.printed_card import PrintedCard
from fieldapp.i18n import DEFAULT_LOCALE, text

HERE = Path(__file__).parent
TEMPLATES, FONTS = HERE / "templates", HERE / "fonts"
QUIET_ZONE = 4
"""White modules around a QR that its standard (ISO/IEC 18004) asks for."""

WORDS = ("title", "card", "household", "write_number", "scan", "sample")


def card_sheet(
    cards: Sequence[PrintedCard],
    village: str,
    commune: str,
    host: str,
    locale: str = DEFAULT_LOCALE,
    sample: bool = False,
) -> bytes:
    """The PDF, ten cards a page; takes seconds for a thousand cards, so call it off the event loop."""
    sheet = {
        "locale": locale,
        "words": {name: text(f"card.{name}", locale) for name in WORDS} | {"product": text("app.name", locale)},
        "village": village,
        "commune": commune,
        "sample": sample,
        "cards": [_face(card, host) for card in cards],
    }
    return printed("card_sheet.typ", sheet)


def printed(template: str, sheet: dict[str, Any]) -> bytes:
    """What a template makes of its sheet, as a PDF."""
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(sheet)},
        format="pdf",
    )


def _face(card: PrintedCard, host: str) -> dict[str, Any]:
    return {
        "number": card.household_number,
        "name": card.head_name,
        "short_code": display_short(card.short_code),
        "qr": qr_svg(card_address(host, card.code)),
    }


def qr_svg(address: str) -> str:
    """An address as a QR, level Q, in one path; all in capitals it takes the dense alphanumeric mode."""
    qr = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    qr.add_data(address, optimize=0)
    rows = qr.get_matrix()
    path = "".join(f"M{x} {y}h{n}v1h-{n}z" for y, row in enumerate(rows) for x, n in _runs(row))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}"><path d="{path}"/></svg>'


def _runs(row: Sequence[bool | None]) -> Iterator[tuple[int, int]]:
    """Where dark modules begin and how many follow each other."""
    start = None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None
