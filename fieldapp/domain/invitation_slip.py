"""A slip of paper that invites one member: it is cut off the sheet and handed over."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InvitationSlip:
    """`link` holds the secret and stands nowhere else than on this paper."""

    member_id: int
    name: str
    role: str
    team: str
    link: str
