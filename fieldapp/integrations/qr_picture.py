"""QR pictures for screens: a text that a camera takes from one screen to another."""

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathFillImage


def qr_svg(text: str) -> str:
    """The text as SVG, black on white, with four modules of quiet zone."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    return code.make_image(image_factory=SvgPathFillImage).to_string(encoding="unicode")
