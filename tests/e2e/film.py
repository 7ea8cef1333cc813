"""A film for the fake camera: a real printed card, held before it by a hand that is not quite still."""

import random
from pathlib import Path

import pypdfium2
from PIL import Image, ImageEnhance

MM = 300 / 25.4
CARD = (85.6 * MM, 54 * MM)


def page_image(pdf: bytes, number: int = 0) -> Image.Image:
    """A page of the printed sheet at 300 dpi."""
    return pypdfium2.PdfDocument(pdf)[number].render(scale=300 / 72).to_pil().convert("RGB")


def film_of(card: Image.Image, path: Path, frames: int = 24) -> Path:
    """Writes a Motion JPEG of 1280 x 720: the card on a dark table, tilted and a little blurred."""
    steady = random.Random(335)
    with path.open("wb") as film:
        for _ in range(frames):
            picture = Image.new("RGB", (1280, 720), (58, 52, 47))
            held = card.resize((820, int(820 * card.height / card.width)), Image.Resampling.LANCZOS)
            held = held.rotate(steady.uniform(-4, 4), expand=True, fillcolor=(58, 52, 47))
            picture.paste(held, (230 + steady.randint(-12, 12), 90 + steady.randint(-12, 12)))
            picture = ImageEnhance.Brightness(picture).enhance(0.8)
            picture.save(film, "JPEG", quality=88, subsampling=2)
    return path


def card_on(sheet: Image.Image, column: int, row: int) -> Image.Image:
    """One card cut out of a rendered sheet of two columns and five rows, centred on the page."""
    left = (sheet.width - 2 * CARD[0]) / 2 + column * CARD[0]
    top = (sheet.height - 5 * CARD[1]) / 2 + row * CARD[1]
    return sheet.crop((int(left), int(top), int(left + CARD[0]), int(top + CARD[1])))
