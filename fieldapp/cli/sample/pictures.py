"""Drawn scenes in the place of photos, each with the words that say that it is sample data."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from fieldapp.cli.sample.sizes import DATA

WIDTH, HEIGHT, THUMBNAIL = 1280, 960, 160
_SKIES = ("#9cc9e8", "#bfdff2", "#f6d7a7", "#cfd8e3")
_HILLS = ("#3f7d58", "#56935f", "#2f6690", "#7a9e5f")
_WALLS = ("#e8c48a", "#d9a066", "#f2e3c6", "#c98b5a")
_ROOFS = ("#8c3b2e", "#6b4a35", "#a65a3a")
_CLOTHES = ("#1d4e89", "#b23a48", "#386641", "#6a4c93", "#e09f3e")


@dataclass(frozen=True)
class Picture:
    sha256: str
    content: bytes
    thumbnail: bytes
    width: int
    height: int


def draw_pictures(count: int, rng: Random) -> list[Picture]:
    stamp = Image.open(DATA / "stamp.png").convert("L")
    return [_finished(_scene(rng), stamp) for _ in range(count)]


def _finished(scene: Image.Image, stamp: Image.Image) -> Picture:
    box = Image.new("RGB", stamp.size, "#7d1128")
    box.paste("#ffffff", mask=stamp)
    scene.paste(box, ((WIDTH - stamp.width) // 2, HEIGHT - stamp.height - 30))
    small = scene.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    content = _jpeg(scene, 80)
    return Picture(hashlib.sha256(content).hexdigest(), content, _jpeg(small, 70), WIDTH, HEIGHT)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()


def _scene(rng: Random) -> Image.Image:
    """A house before hills, people, and a telephone between them."""
    image = Image.new("RGB", (WIDTH, HEIGHT), rng.choice(_SKIES))
    pen = ImageDraw.Draw(image)
    sun = rng.randint(100, WIDTH - 200)
    pen.ellipse((sun, 60, sun + 110, 170), fill="#ffd166")
    for base in (420, 500):
        tops = [(x, base - rng.randint(40, 220)) for x in range(0, WIDTH + 1, 160)]
        pen.polygon([(0, 700), *tops, (WIDTH, 700)], fill=rng.choice(_HILLS))
    pen.rectangle((0, 640, WIDTH, HEIGHT), fill="#b7a57a")
    _house(pen, rng, rng.randint(80, 560))
    _telephone(pen, rng, rng.randint(880, 1080), 560)
    for place in rng.sample(range(150, WIDTH - 150, 110), rng.randint(2, 4)):
        _person(pen, place, rng.randint(560, 620), rng.choice(_CLOTHES))
    return image


def _house(pen: ImageDraw.ImageDraw, rng: Random, x: int) -> None:
    """On stilts as often as not."""
    floor = 600 if rng.random() < 0.5 else 680
    pen.rectangle((x, 430, x + 380, floor), fill=rng.choice(_WALLS))
    for post in range(x + 20, x + 380, 85):
        pen.rectangle((post, floor, post + 16, 690), fill="#5b4636")
    pen.polygon([(x - 40, 440), (x + 190, rng.randint(240, 330)), (x + 420, 440)], fill=rng.choice(_ROOFS))
    pen.rectangle((x + 150, floor - 130, x + 230, floor), fill="#5b4636")


def _telephone(pen: ImageDraw.ImageDraw, rng: Random, x: int, y: int) -> None:
    """With a chequered screen that no reader takes for a code."""
    pen.rounded_rectangle((x, y, x + 150, y + 260), 18, fill="#22223b")
    pen.rectangle((x + 14, y + 22, x + 136, y + 230), fill="#f8f9fa")
    for column, row in ((c, r) for c in range(7) for r in range(7) if rng.random() < 0.5):
        left, top = x + 26 + column * 14, y + 60 + row * 14
        pen.rectangle((left, top, left + 13, top + 13), fill="#22223b")


def _person(pen: ImageDraw.ImageDraw, x: int, y: int, clothes: str) -> None:
    pen.ellipse((x - 32, y - 84, x + 32, y - 20), fill="#d9a679")
    pen.polygon([(x - 60, y + 190), (x - 36, y - 12), (x + 36, y - 12), (x + 60, y + 190)], fill=clothes)


def share_out(pictures: Sequence[Picture], communes: Sequence[str]) -> dict[str, list[Picture]]:
    """Some for each commune in turn, by code."""
    return {code: list(pictures[place :: len(communes)]) for place, code in enumerate(communes)}
