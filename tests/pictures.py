"""Makes photos as phones, fools and attackers send them: real bytes, by Pillow."""

import hashlib
import struct
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image

GPS_TAG, ORIENTATION_TAG, MAKER_TAG = 0x8825, 0x0112, 0x010F
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'


def jpeg(width: int = 640, height: int = 480, **options: Any) -> bytes:
    """A photo full of noise, so that no two are alike and all have some weight."""
    return _saved(Image.effect_noise((width, height), 60).convert("RGB"), "JPEG", quality=80, **options)


def png(width: int = 320, height: int = 240) -> bytes:
    return _saved(Image.effect_noise((width, height), 60), "PNG")


def scene(rng: Random, width: int = 800, height: int = 600) -> Image.Image:
    """Light and shade at every scale, as a camera sees a place; another one for each state of the generator."""
    image = Image.new("L", (width, height), 128)
    for columns, weight in ((4, 0.6), (8, 0.5), (16, 0.4), (64, 0.3)):
        size = (columns, columns * 3 // 4)
        layer = Image.frombytes("L", size, rng.randbytes(size[0] * size[1])).resize((width, height), Image.BICUBIC)
        image = Image.blend(image, layer, weight)
    return image.convert("RGB")


def saved(image: Image.Image, quality: int = 82) -> bytes:
    return _saved(image, "JPEG", quality=quality)


def red_above_blue(size: tuple[int, int] = (600, 400), **options: Any) -> bytes:
    """A wide photo, as it lies in the file: red above, blue below."""
    width, height = size
    image = Image.new("RGB", size, (220, 20, 20))
    image.paste((20, 20, 220), (0, height // 2, width, height))
    return _saved(image, "JPEG", quality=90, **options)


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone's camera writes: its maker, which side is up, and where on earth it was."""
    tags = Image.Exif()
    tags[MAKER_TAG], tags[ORIENTATION_TAG] = "PhoneMaker", orientation
    tags.get_ifd(GPS_TAG).update({1: "N", 2: (15.0, 7.0, 12.0), 3: "E", 4: (108.0, 48.0, 3.0)})
    return tags


def claiming(width: int, height: int) -> bytes:
    """A tiny JPEG whose header claims this size."""
    content = bytearray(jpeg(16, 16))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def many_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: small to send, slow to decode."""
    content = jpeg(64, 64, progressive=True)
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + last * count + content[-2:]


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def named(*contents: bytes) -> list[dict[str, Any]]:
    """How a visit's payload names these photos."""
    return [{"sha256": sha256(c), "bytes": len(c), "type": "image/jpeg"} for c in contents]


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()
