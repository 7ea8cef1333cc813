"""Where other systems are told what happened here, and each telling with what became of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index

from models.base import BigKey, Json, Stored, UtcDateTime, utc_now, word


class WebhookState(StrEnum):
    """`gone`: its receiver said that it will never take anything again."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Webhook(Stored, table=True):
    """`topics` are words of `domain/webhook.py`; what is signed with `secret` comes from this server."""

    __tablename__ = "webhook"

    id: UUID = Field(primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    address: str = Field(max_length=500)
    topics: list[str] = Field(sa_type=Json)
    secret: str = Field(max_length=80)
    state: WebhookState = Field(default=WebhookState.ACTIVE, sa_type=word())
    made_by_id: int = Field(foreign_key="account.id")
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class WebhookDelivery(Stored, table=True):
    """One event for one webhook, under an id that both make.

    `due_at` is empty once nothing more is tried; `status` is the last answer's.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_due", "due_at", "id"),
        Index("ix_webhook_delivery_webhook", "webhook_id", "noted_at"),
    )

    id: UUID = Field(primary_key=True)
    webhook_id: UUID = Field(foreign_key="webhook.id")
    event_id: int = Field(sa_type=BigKey, foreign_key="audit_event.id")
    topic: str = Field(max_length=24)
    state: DeliveryState = Field(default=DeliveryState.WAITING, sa_type=word())
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    status: int | None = None
    noted_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    last_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
