"""What is taken for a recording and what of it is kept: three formats, walked through to the last byte."""

from itertools import pairwise

import pytest

from fieldapp.domain.ogg_opus import _checksum, _pages
from fieldapp.domain.sound import MAX_SOUND_BYTES, megabytes, read_sound, written_length
from fieldapp.problems import Problem
from models.narration import SoundKind
from tests.recordings import box, id3, m4a, mp3, opus, page

SECRET = b"<script>alert(1)</script> +15.1234+108.7654/"


def code(content: bytes) -> str:
    with pytest.raises(Problem) as caught:
        read_sound(content)
    return caught.value.code


@pytest.mark.parametrize(("make", "kind"), [(mp3, SoundKind.MP3), (m4a, SoundKind.M4A), (opus, SoundKind.OPUS)])
@pytest.mark.parametrize("seconds", [1, 2, 59])
def test_each_kind_is_known_by_its_bytes_and_tells_its_length(make, kind: SoundKind, seconds: int) -> None:
    sound = read_sound(make(seconds))
    assert (sound.kind, sound.seconds) == (kind, seconds)


def test_a_recording_without_tags_stays_as_it_is() -> None:
    assert read_sound(mp3()).content == mp3()
    assert read_sound(m4a()).content == m4a()


@pytest.mark.parametrize(
    "tagged",
    [
        id3(SECRET) + mp3(),
        id3(SECRET + bytes(40)) + bytes(17) + mp3(),
        mp3() + b"TAG" + SECRET.ljust(125, b"\0"),
        mp3() + b"APETAGEX" + SECRET,
        m4a(tags=SECRET),
        m4a() + box(b"udta", SECRET),
        m4a() + box(b"free", SECRET),
        opus(comment=SECRET),
        opus(comment=SECRET * 40),
    ],
)
def test_what_tags_say_is_not_kept(tagged: bytes) -> None:
    """Phones write there where they are; whoever hides another file hides it there."""
    sound = read_sound(tagged)
    assert b"script" not in sound.content
    assert b"108.7654" not in sound.content
    assert sound.seconds == 2
    assert read_sound(sound.content) == sound


def test_opus_without_its_comments_has_whole_pages_and_the_same_sound() -> None:
    before, after = opus(comment=SECRET * 40), read_sound(opus(comment=SECRET * 40)).content
    assert len(before) == len(after)
    for one in _pages(after):
        blank = after[one.begin : one.begin + 22] + bytes(4) + after[one.begin + 26 : one.end]
        assert int.from_bytes(after[one.begin + 22 : one.begin + 26], "little") == _checksum(blank)
    assert [before[p.begin : p.end] for p in _pages(before)][2:] == [after[p.begin : p.end] for p in _pages(after)][2:]


def test_a_last_frame_that_was_cut_is_left_out() -> None:
    assert read_sound(mp3()[:-50]).content == mp3()[:-144]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ID3",
        b"\xff\xfb",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7\n" + mp3(),
        b"PK\x03\x04" + mp3(),
        b"GIF89a" + mp3(),
        b"<!doctype html><script>1</script>" + mp3(),
        b"\xff\xf1\x50\x80" * 400,
        b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100),
        m4a(handler=b"vide"),
        m4a(codec=b"alac"),
        page(b"\x01vorbis" + bytes(23), 0, kind=2) + page(b"\x03vorbis", 1),
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_recording_of_ours_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert code(content) == "sound_wrong_type"


@pytest.mark.parametrize(
    "content",
    [
        mp3() + b"<html><script>alert(1)</script>",
        mp3() + b"PK\x03\x04" + bytes(50),
        mp3(1) + b"%PDF-1.7" + mp3(1),
        mp3() + b"TAG" + bytes(80_000),
        mp3(0.1),
        id3(b"x") + mp3(0.1),
        m4a()[:-1],
        m4a() + b"PK\x03\x04 more",
        m4a() + b"\0",
        m4a() + box(b"html", SECRET),
        m4a().replace(b"mvhd", b"mvhx"),
        m4a(seconds=0),
        m4a(seconds=3601),
        box(b"ftyp", b"M4A ") + box(b"mdat", bytes(9)),
        opus()[:-1],
        opus() + b"PK\x03\x04",
        opus() + page(b"x", 9, serial=8),
        page(b"OpusHead" + bytes(11), 0, kind=2),
        opus().replace(b"OpusTags", b"OpusTagz"),
    ],
    ids=lambda content: f"{content[:4]!r}-{len(content)}",
)
def test_what_hides_more_or_is_cut_short_is_broken(content: bytes) -> None:
    assert code(content) == "sound_broken"


def test_every_beginning_of_a_recording_is_refused_by_name_or_taken() -> None:
    """No length of any file brings the walk to a fall."""
    for whole in (id3(b"abc") + mp3(0.3), m4a(tags=SECRET), opus(1, SECRET)):
        for end in range(0, len(whole), 7):
            assert outcome(whole[:end]) in ("", "sound_wrong_type", "sound_broken")


def outcome(content: bytes) -> str:
    try:
        read_sound(content)
    except Problem as problem:
        return problem.code
    return ""


def test_what_is_too_large_is_not_looked_at() -> None:
    assert code(bytes(MAX_SOUND_BYTES + 1)) == "sound_too_large"


def test_lengths_and_sizes_as_they_are_written() -> None:
    assert [written_length(n) for n in (1, 65, 3600)] == ["0:01", "1:05", "60:00"]
    assert [megabytes(n) for n in (1, 149_999, 1_449_000, 3_000_000)] == [0.1, 0.1, 1.4, 3.0]
    assert all(a <= b for a, b in pairwise(megabytes(n) for n in range(0, 3_000_000, 77_777)))
