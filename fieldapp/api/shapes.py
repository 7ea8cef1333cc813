"""The shapes of answers to other systems."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel


class SecretMade(BaseModel):
    """`secret` is shown this once and can be asked for nowhere."""

    id: UUID
    secret: str


class OneUnit(BaseModel):
    """`parent` is the code of the unit above; `until` its last day, if it has ended."""

    code: str
    name: str
    kind: str
    parent: str | None
    since: date
    until: date | None


class Units(BaseModel):
    units: list[OneUnit]
