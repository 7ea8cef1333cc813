"""A commune's papers that found or re-form teams: what they say of themselves, their file, and the teams they name."""

from datetime import date, datetime

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class Decision(Stored, table=True):
    """Its file, a PDF, lies in the photo store under its SHA-256; without one the paper is not here yet."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int = Field(foreign_key="unit.id", index=True)
    number: str = Field(max_length=60)
    key: str = Field(max_length=60)
    issued_on: date
    effective_on: date
    signer: str = Field(max_length=120)
    summary: str = Field(max_length=500)
    replaced_by_id: int | None = Field(default=None, foreign_key="decision.id")
    sha256: str | None = Field(default=None, max_length=64, index=True)
    bytes: int | None = None
    added_by_id: int = Field(foreign_key="account.id")
    added_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class DecisionTeam(Stored, table=True):
    """A team that a decision founds or re-forms."""

    __tablename__ = "decision_team"

    decision_id: int = Field(foreign_key="decision.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True, index=True)
