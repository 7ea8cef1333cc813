"""Officers of the sample: who they are called, and the one password that all of them have."""

from typing import Any

from fieldapp.cli.sample.names import NameSource
from fieldapp.cli.sample.sizes import Profile
from models.account import Account, Role

SAMPLE_PASSWORD = "DuLieuMau-2026"
PROVINCE_OFFICER, ADMINISTRATOR = "tinh", "quantri"
PARTNER, PARTNER_NAME = "doanhnghiep", "Công ty viễn thông (mẫu)"
NEWCOMER = "tinh.moi"
"""Whose owner has set no password yet."""
COMMUNE_OFFICER, COMMUNE_LEADER = "xa", "lanhdao"
"""Before the commune's code: `xa.21484`, `lanhdao.21484`."""


def account_row(like: Account, username: str, full_name: str, role: Role, unit_id: int) -> dict[str, Any]:
    """An account with the password of another, hashed once for all: hashing each would take longer than the rest."""
    return {
        "username": username, "password_hash": like.password_hash, "full_name": full_name, "role": role,
        "unit_id": unit_id, "failed_count": 0, "is_sample": True, "created_at": like.created_at,
    }  # fmt: skip


def commune_accounts(like: Account, names: NameSource, profile: Profile, unit_id: int) -> list[dict[str, Any]]:
    """One officer and one leader of a commune."""
    officer, leader = f"{COMMUNE_OFFICER}.{profile.code}", f"{COMMUNE_LEADER}.{profile.code}"
    return [
        account_row(like, officer, names.draw(), Role.COMMUNE_OFFICER, unit_id),
        account_row(like, leader, names.draw(), Role.COMMUNE_LEADER, unit_id),
    ]
