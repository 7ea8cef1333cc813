"""What the server takes for a recording: MP3, AAC in MP4, Opus in Ogg. Told by the bytes, from the first to the last.

A recording is never decoded here. It is walked through whole, so that nothing else lies behind it, and what its tags
say is taken away: phones write into them where they are and whose they are.
"""

from dataclasses import dataclass

from fieldapp.domain.mp3 import is_mp3, read_mp3
from fieldapp.domain.mp4 import is_mp4, read_mp4
from fieldapp.domain.ogg_opus import is_ogg, read_opus
from fieldapp.problems import Problem
from models.narration import SoundKind

MAX_SOUND_BYTES = 3_000_000
MAX_SECONDS = 3_600
MEDIA_TYPES = {SoundKind.MP3: "audio/mpeg", SoundKind.M4A: "audio/mp4", SoundKind.OPUS: "audio/ogg"}


@dataclass(frozen=True)
class Sound:
    """`content` is the recording without its tags; `seconds` are whole ones, at least one."""

    kind: SoundKind
    seconds: int
    content: bytes


def read_sound(content: bytes) -> Sound:
    """Raises `sound_too_large`, `sound_wrong_type` for what is none of the three, `sound_broken`."""
    if len(content) > MAX_SOUND_BYTES:
        raise Problem("sound_too_large")
    for kind, is_it, read in _READERS:
        if is_it(content):
            seconds, cleaned = read(content)
            if not 0 < seconds <= MAX_SECONDS:
                raise Problem("sound_broken")
            return Sound(kind, max(1, round(seconds)), cleaned)
    raise Problem("sound_wrong_type")


_READERS = (
    (SoundKind.M4A, is_mp4, read_mp4),
    (SoundKind.OPUS, is_ogg, read_opus),
    (SoundKind.MP3, is_mp3, read_mp3),
)


def written_length(seconds: int) -> str:
    """As players show it: 2:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


def megabytes(size: int) -> float:
    """To a tenth of a million bytes, never nothing."""
    return max(1, round(size / 100_000)) / 10
