"""What an indicator counts, in words."""

import pytest

from fieldapp.domain.indicator import read_formula
from fieldapp.domain.indicator_words import formula_words
from fieldapp.services.indicators import indicator_catalogue

PLATFORMS = {"VNEID": "VNeID", "DVC": "Dịch vụ công"}
STEPS = {("DVC", "submit"): "Nộp hồ sơ", ("VNEID", "level2"): "Kích hoạt mức 2", ("GHS", "level2"): "Khác"}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "10",
            "số người được hỗ trợ, cộng từng lượt, có kết quả Đã cài đặt hoặc Tự sử dụng được, nền tảng VNeID, "
            "bước Kích hoạt mức 2",
        ),
        (
            "08",
            "số lượt hỗ trợ, có kết quả Đã giới thiệu, Đã cài đặt, Tự sử dụng được hoặc Hẹn quay lại, "
            "nền tảng Dịch vụ công",
        ),
        ("25", "số lượt hỗ trợ"),
        ("03", "tổ trưởng nhập khi lập báo cáo"),
        ("29.3", "vướng mắc quá hạn chưa giải quyết vào ngày cuối kỳ"),
    ],
)
def test_words_of_the_indicators_that_are_shipped(code: str, said: str) -> None:
    [row] = [row for row in indicator_catalogue() if row["code"] == code]
    formula = read_formula(row["formula"]) if row["formula"] else None
    assert formula_words(formula, PLATFORMS, STEPS) == said


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_one_has_words(locale: str) -> None:
    for row in indicator_catalogue():
        formula = read_formula(row["formula"]) if row["formula"] else None
        words = formula_words(formula, PLATFORMS, STEPS, locale)
        assert words
        assert "{" not in words
