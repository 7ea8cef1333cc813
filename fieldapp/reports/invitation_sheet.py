"""Invitations as an A4 PDF to print and cut; what a slip looks like stands in `templates/invitation_sheet.typ`."""

import json
from collections.abc import Sequence
from datetime import date

import typst

from fieldapp.domain.invitation_slip import InvitationSlip
from fieldapp.domain.written_time import written_day
from fieldapp.i18n import DEFAULT_LOCALE, text
from fieldapp.reports.card_sheet import FONTS, TEMPLATES, qr_svg

WORDS = ("title", "invites", "how", "keep")


def invitation_sheet(
    slips: Sequence[InvitationSlip], commune: str, last: date, sample: bool = False, locale: str = DEFAULT_LOCALE
) -> bytes:
    """The PDF, eight slips a page. `last` is the last day on which they work."""
    words = {name: text(f"slip.{name}", locale) for name in WORDS}
    words |= {"until": text("slip.until", locale, day=written_day(last)), "sample": text("card.sample", locale)}
    sheet = {
        "locale": locale,
        "words": words,
        "commune": commune,
        "sample": sample,
        "slips": [
            {"name": slip.name, "role": text(f"role.{slip.role}", locale), "team": slip.team, "qr": qr_svg(slip.link)}
            for slip in slips
        ],
    }
    return typst.compile(
        TEMPLATES / "invitation_sheet.typ",
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(sheet)},
        format="pdf",
    )
