"""Platforms as forms bring them, and the codes that are made of their names."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from fieldapp.config import ROOT
from fieldapp.domain.platform_form import ICONS, PlatformForm, Way, moved, platform_code, step_code

FORM = {"name_vi": "Du lịch số", "short_vi": "Du lịch", "pillar": "economy", "icon": "globe"}


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        ("Du lịch số", (), "DU_LICH_SO"), ("Đặc sản OCOP", (), "DAC_SAN_OCOP"), ("VNeID", ("VNEID",), "VNEID_2"),
        ("★", (), "NEN_TANG"), ("Du lịch", ("DU_LICH", "DU_LICH_2"), "DU_LICH_3"),
    ],
)  # fmt: skip
def test_a_code_tells_what_it_is_called(name: str, taken: tuple[str, ...], code: str) -> None:
    assert platform_code(name, taken) == code


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=5))
def test_a_code_is_one_and_new_whatever_it_is_called(name: str, names: list[str]) -> None:
    taken: list[str] = []
    for one in (*names, name, name):
        code = platform_code(one, taken)
        assert re.fullmatch(r"[A-Z0-9_]{1,20}", code)
        assert code not in taken
        taken.append(code)
    assert re.fullmatch(r"[a-z0-9_]{1,30}", step_code(name, ()))


@given(st.lists(st.text(max_size=3), min_size=1, max_size=6, unique=True), st.data())
def test_a_move_is_undone_by_its_opposite(order: list[str], data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(order))
    down = moved(order, one, Way.DOWN)
    assert sorted(down) == sorted(order)
    assert one == order[-1] or moved(down, one, Way.UP) == order


def test_every_icon_is_in_the_phones_sprite() -> None:
    sprite = (ROOT / "assets" / "icons" / "sprite.svg").read_text("utf-8")
    assert [icon for icon in ICONS if f'id="{icon}"' not in sprite] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"icon": "javascript:x"}, {"short_vi": " "}, {"short_vi": "x" * 17}, {"pillar": "none"},
        {"name_vi": "gọi 0900 000 000"}, {"name_vi": "a\x00b"}, {"platform": "vneid;"},
    ],
)  # fmt: skip
def test_what_is_no_platform_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PlatformForm.model_validate(FORM | wrong)


def test_ticks_are_the_communes() -> None:
    form = PlatformForm.model_validate(FORM | {"platform": "", "tick_7": "on", "tick_x": "on", "approved": "on"})
    assert (form.platform, form.communes, form.approved) == (None, {7}, True)
