"""One photo made anew from the bytes that a phone sent: upright, without metadata or anything that hid in them.

Runs in a process of its own (`DecodingProcess`), which a photo that kills it does not take others along with.
"""

from io import BytesIO

from PIL import Image

from fieldapp.domain import picture as limits
from fieldapp.domain.likeness import COLUMNS, ROWS, Marks, marks_of
from fieldapp.domain.picture import Picture
from fieldapp.jobs.apart import ProcessApart
from fieldapp.problems import Problem

ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class DecodingProcess(ProcessApart):
    async def decode(self, content: bytes) -> Picture:
        """`decode`, over there."""
        return await self.run(decode, content)


def decode(content: bytes) -> Picture:
    """The picture in these bytes, upright and made anew. Blocks; raises the `photo_*` Problem that refuses them."""
    if code := limits.refused_by_start(content):
        raise Problem(code)
    try:
        return _decode(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Problem("photo_too_many_pixels") from None
    except (Problem, MemoryError):
        raise
    except Exception:
        # Pillow answers hostile bytes with errors of nearly every kind.
        raise Problem("photo_broken") from None


def _decode(content: bytes) -> Picture:
    with Image.open(BytesIO(content), formats=["JPEG"]) as image:
        if code := limits.refused_by_header(content, *image.size):
            raise Problem(code)
        turn = UPRIGHT.get(_orientation(image))
        image.thumbnail((limits.SHOWN_SIDE, limits.SHOWN_SIDE))
        upright = image.convert("RGB")
    if turn is not None:
        upright = upright.transpose(turn)
    # Pixels alone go on to a new image: Pillow would write the comment of the old one into the file again.
    bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    small = bare.copy()
    small.thumbnail((limits.THUMBNAIL_SIDE, limits.THUMBNAIL_SIDE))
    shown, thumbnail = _jpeg(bare, limits.SHOWN_QUALITY), _jpeg(small, limits.THUMBNAIL_QUALITY)
    return Picture(bare.width, bare.height, shown, thumbnail, _marks(bare))


def _marks(image: Image.Image) -> Marks | None:
    return marks_of(image.convert("L").resize((COLUMNS, ROWS), Image.Resampling.BOX).tobytes())


def _orientation(image: Image.Image) -> int:
    """EXIF's word on which side is up; a photo whose EXIF is damaged is taken as it lies."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:
        return 1


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
