"""The second step of signing in: a code of the officer's own phone, or one of the recovery codes on paper."""

from datetime import datetime

from sqlmodel import Field

from models.base import BigKey, Stored, UtcDateTime, utc_now


class SecondStep(Stored, table=True):
    """`secret` is sealed; `last_period` is the half-minute of the last code that was taken: none is taken twice."""

    __tablename__ = "second_step"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    secret: str = Field(max_length=200)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Nothing is asked at sign-in before a first code has shown that the phone has the secret."""
    last_period: int = Field(default=0, sa_type=BigKey)


class RecoveryCode(Stored, table=True):
    __tablename__ = "recovery_code"

    code_hash: str = Field(max_length=64, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
