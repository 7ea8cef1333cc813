"""What tables share: columns of a deed, aware UTC time, text for closed words, JSON that both databases hold."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, Integer, String, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class Stored(SQLModel):
    """What every table's class is made from; to a type checker it names what SQLAlchemy adds."""

    if TYPE_CHECKING:
        __tablename__: ClassVar[str]  # pyright: ignore[reportIncompatibleMethodOverride]
        __table__: ClassVar[Table]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite, which forgets time zones, gives it back aware as well."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value if value.tzinfo else value.replace(tzinfo=UTC)


def word(length: int = 24) -> Any:
    """The column type of a closed word (StrEnum): plain text, so that a new word needs no type change."""
    return String(length)


BigKey = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON()


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


class TeamDeed(Stored):
    """The columns of `services/deeds.Deed`, made in the phone's own record of this id."""

    id: UUID = Field(primary_key=True)
    author_id: int = Field(foreign_key="member.id", index=True)
    device_id: UUID | None = Field(default=None, foreign_key="device.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    village_id: int = Field(foreign_key="unit.id")
    commune_id: int = Field(foreign_key="unit.id")
    made_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    scope_version: int = Field(default=0, sa_type=BigKey)
