"""Official papers as a commune makes them: every name generated, the numbers chosen to be awkward."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.figure import Share, value_of
from fieldapp.domain.paper_form import (
    ByUnit,
    FigureLine,
    FigureSection,
    Form,
    Issuer,
    PaperColumn,
    PaperKind,
    PaperTable,
    ReportPaper,
    Signer,
    TablePaper,
    TaskLine,
    Telling,
    UnitRow,
)

AT = datetime(2026, 8, 31, 10, 5, tzinfo=UTC)
COMMUNE = Issuer((), ("ỦY BAN NHÂN DÂN", "XÃ BA TƠ"), "Ủy ban nhân dân xã Ba Tơ", "Ba Tơ", "BC-UBND")
VILLAGE = Issuer(("UBND XÃ BA TƠ",), ("TỔ CNSCĐ THÔN NƯỚC ĐANG",), "Tổ công nghệ số cộng đồng thôn Nước Đang", "Ba Tơ")
PROVINCE = Issuer(
    ("UBND TỈNH QUẢNG NGÃI",), ("SỞ KHOA HỌC VÀ CÔNG NGHỆ",), "Sở Khoa học và Công nghệ", "Quảng Ngãi", "BC-SKHCN"
)
ISSUERS = {PaperKind.VILLAGE_REPORT: VILLAGE, PaperKind.COMMUNE_REPORT: COMMUNE, PaperKind.PROVINCE_REPORT: PROVINCE}
SECTIONS = (
    ("I", "Tổ chức", ("Số thành viên|người", "Thành viên có hoạt động trong kỳ|người", "Buổi họp tổ|buổi")),
    (
        "II",
        "Tuyên truyền",
        ("Buổi tuyên truyền|buổi", "Lượt người dự|lượt", "Tin, bài trên nhóm Zalo|tin", "Hộ trong nhóm Zalo|%"),
    ),
    (
        "III",
        "Chính quyền số",
        (
            "Lượt hướng dẫn dịch vụ công trực tuyến|lượt", "Hồ sơ dịch vụ công nộp thành công|hồ sơ",
            "Người cài đặt, kích hoạt VNeID mức 2|người", "Người dùng tiện ích VNeID|người",
            "Phản ánh hiện trường đã gửi|lượt", "Tra cứu thông tin đất đai|lượt", "Chữ ký số cá nhân|người",
        ),
    ),
    (
        "IV",
        "Kinh tế số",
        (
            "Tài khoản thanh toán, ví điện tử mở mới|tài khoản", "Hộ kinh doanh có mã QR|hộ",
            "Gian hàng số mở mới|gian hàng", "Gian hàng đã cam kết chất lượng|gian hàng", "Đơn hàng đầu tiên|đơn",
        ),
    ),
    (
        "V",
        "Xã hội số",
        (
            "Sổ sức khỏe điện tử|người", "Bảo hiểm xã hội trên VNeID, VssID|người", "Nền tảng giáo dục|người",
            "Chính sách xã hội qua tài khoản|người", "Người hoàn thành kỹ năng số cơ bản (Bình dân học vụ số)|người",
        ),
    ),
    (
        "VI",
        "Chung",
        (
            "Tổng lượt hỗ trợ|lượt", "Số hộ được hỗ trợ (không trùng)|hộ", "Số người được hỗ trợ (ước tính)|người",
            "Tỷ lệ tự sử dụng được|%", "Vướng mắc phát sinh|vướng mắc", "Nhiệm vụ xã giao đã hoàn thành|nhiệm vụ",
        ),
    ),
)  # fmt: skip
VILLAGES = (
    "Nước Đang",
    "Gò Ghềm",
    "Tổ dân phố Trường Thọ Đông A",
    "Ngưỡng Thuỷ Nghiêng Hữu Nguyệt",
    "Đồng Chùa",
    "Ẵng Cẫm",
)
WORDS = (
    "Một số thôn chưa có sóng di động ổn định; người cao tuổi ngại sử dụng điện thoại, phải hướng dẫn nhiều lần. "
    "Việc kích hoạt định danh điện tử mức 2 phụ thuộc lịch lưu động của công an xã."
)


def line(number: int, named: str, units: int = 47) -> FigureLine:
    name, unit = named.split("|")
    if unit == "%":
        over = 180 * units
        return FigureLine(f"{number:02}", name, unit, 119 * units, 100, over, 0, 119 * units, over, 90 * units, over)
    done = number * 37 * units
    if number == 3:
        return FigureLine("03", name, unit, None, plan=units)
    if number == 19:
        return FigureLine("19", name, unit, 0, plan=0, year=0, previous=2)
    waiting, note = (12, "gồm cả hộ mới") if number == 10 else (0, "")
    return FigureLine(
        f"{number:02}",
        name,
        unit,
        done,
        done + 41,
        waiting=waiting,
        year=done * 8,
        previous=done + 5 - number,
        note=note,
    )


def sections(units: int = 47) -> Sequence[FigureSection]:
    made, number = [], 0
    for roman, title, names in SECTIONS:
        lines = []
        for named in names:
            number += 1
            lines.append(line(number, named, units))
        made.append(FigureSection(roman, title, lines))
    return made


def by_unit(units: int = 47) -> ByUnit:
    """Each unit has the same, so that all together have what the lines say."""
    lines = [one for section in sections(units) for one in section.lines]
    each = [
        value_of(None if one.value is None else one.value // units, one.over and one.over // units) for one in lines
    ]
    names = [f"Thôn {VILLAGES[n % len(VILLAGES)]} {n + 1}" for n in range(units)]
    rows = [UnitRow(name, "Đã duyệt" if n % 9 else "Chưa nộp", each) for n, name in enumerate(names)]
    return ByUnit("Kết quả theo thôn, tổ dân phố", "Thôn, tổ dân phố", lines, rows)


def report(kind: PaperKind = PaperKind.COMMUNE_REPORT, units: int = 47, **said: Any) -> ReportPaper:
    village = kind is PaperKind.VILLAGE_REPORT
    right = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH") if kind is PaperKind.COMMUNE_REPORT else ("GIÁM ĐỐC",)
    paper = ReportPaper(
        kind,
        ISSUERS[kind],
        "Kết quả hoạt động Tổ công nghệ số cộng đồng tháng 8 năm 2026",
        "Tháng 8 năm 2026",
        DayRange(date(2026, 8, 1), date(2026, 8, 31)),
        AT,
        sections(units),
        [Signer(["NGƯỜI LẬP BIỂU"]), Signer(["TỔ TRƯỞNG"])] if village else [Signer(right)],
        "Phạm Thị Ánh Nguyệt",
        AT,
        Telling([WORDS, WORDS], ["Đề nghị bổ sung trạm thu phát sóng."], (), ["Tiếp tục hướng dẫn tại nhà."]),
        [TaskLine("Rà soát hộ chưa có tài khoản VNeID", "Hoàn thành"), TaskLine("Lập nhóm Zalo thôn", "Trễ", "2 thôn")],
        None if village else by_unit(units),
        () if village else ("Thôn Nước Đang 1", "Thôn Ngưỡng Thuỷ Nghiêng Hữu Nguyệt 10"),
        "thôn",
        () if village else ("Sở Khoa học và Công nghệ", "Thường trực Đảng ủy, HĐND xã", "Lưu: VT, VHXH"),
    )
    return replace(paper, **said)


COLUMNS = [
    PaperColumn("Thôn, tổ dân phố", width=60),
    PaperColumn("Ngày cập nhật", Form.DAY, 22),
    PaperColumn("Số hộ", Form.NUMBER, 18, summed=True),
    PaperColumn("Số hộ trong nhóm", Form.NUMBER, 18, summed=True),
    PaperColumn("Độ phủ (%)", Form.SHARE, 18, summed=True),
    PaperColumn("Ghi chú", width=40),
]


def groups(units: int = 47, **said: Any) -> TablePaper:
    rows: list[Sequence[Any]] = [
        (f"Thôn {VILLAGES[n % 6]} {n + 1}", date(2026, 8, 5), 1180 + n, 951 + n, Share(951 + n, 1180 + n), "")
        for n in range(units)
    ]
    rows += [("Thôn chưa có nhóm", None, 97, None, None, "=1+1")]
    paper = TablePaper(
        PaperKind.GROUPS,
        COMMUNE,
        "BẢNG TỔNG HỢP",
        "Độ phủ nhóm Zalo của thôn, tổ dân phố trên địa bàn xã Ba Tơ",
        AT,
        PaperTable(COLUMNS, rows),
        [Signer(["NGƯỜI LẬP BIỂU"]), Signer(["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"])],
        "Phạm Thị Ánh Nguyệt",
        AT,
        ["Sở Khoa học và Công nghệ", "Lưu: VT, VHXH"],
        ["Hộ chưa biết để trống, không tính là 0."],
    )
    return replace(paper, **said)
