"""Reads printed sheets back as a camera and an eye would: the QRs of a page, and where its letters stand."""

from dataclasses import dataclass

import pypdfium2
import zxingcpp
from pypdfium2 import PdfPage
from zxingcpp import Barcode

POINT = 25.4 / 72
DPI = 150


@dataclass(frozen=True)
class Rectangle:
    """In millimetres from the top left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Rectangle") -> bool:
        apart_across = self.right <= other.left or other.right <= self.left
        return not (apart_across or self.bottom <= other.top or other.bottom <= self.top)

    def holds(self, other: "Rectangle") -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def grown(self, by: float) -> "Rectangle":
        return Rectangle(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True)
class SeenQr:
    text: str
    version: int
    level: str
    place: Rectangle


@dataclass(frozen=True)
class SeenPage:
    qrs: list[SeenQr]
    words: str
    letters: list[tuple[str, Rectangle]]

    @property
    def addresses(self) -> list[str]:
        return [qr.text for qr in self.qrs]


def read_pdf(pdf: bytes, dpi: int = DPI) -> list[SeenPage]:
    """Every page, with its QRs in the order in which one reads them: from the top, from the left."""
    return [_read_page(page, dpi) for page in pypdfium2.PdfDocument(pdf)]


def _read_page(page: PdfPage, dpi: int) -> SeenPage:
    picture = page.render(scale=dpi / 72, grayscale=True).to_pil()
    seen = [_qr(found, 25.4 / dpi) for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]
    seen.sort(key=lambda qr: (round(qr.place.top), qr.place.left))
    text = page.get_textpage()
    letters = [(text.get_text_range(i, 1), text.get_charbox(i)) for i in range(text.count_chars())]
    height = page.get_height()
    return SeenPage(
        seen,
        " ".join(text.get_text_range().split()),
        [(letter, _box(*box, height)) for letter, box in letters if letter.strip()],
    )


def _qr(found: Barcode, scale: float) -> SeenQr:
    corners = [getattr(found.position, f"{row}_{side}") for row in ("top", "bottom") for side in ("left", "right")]
    xs, ys = [c.x * scale for c in corners], [c.y * scale for c in corners]
    place = Rectangle(min(xs), min(ys), max(xs), max(ys))
    return SeenQr(found.text, int(found.extra["Version"]), found.ec_level, place)


def _box(left: float, bottom: float, right: float, top: float, height: float) -> Rectangle:
    return Rectangle(left * POINT, (height - top) * POINT, right * POINT, (height - bottom) * POINT)
