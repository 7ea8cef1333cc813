"""The shapes of answers, as the API describes them: what a caller may rely on."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Health(BaseModel):
    ok: bool
    backup: str | None = None


class SignedIn(BaseModel):
    """`owes_second_step`: this role must give a code at sign-in, and until that is set up nothing else is open."""

    name: str
    role: str
    owes_second_step: bool


class ProviderOffered(BaseModel):
    """Whether officers may sign in by the province's own provider, and what that is called."""

    on: bool
    name: str


class AccountLinkMade(BaseModel):
    """`link` holds the secret behind a #; `qr` is the same as an SVG picture."""

    link: str
    qr: str
    expires_at: datetime


class AccountSeen(BaseModel):
    name: str
    username: str


class SecondStepBegun(BaseModel):
    """What the officer's phone is to keep: as an SVG picture, and as text to type."""

    qr: str
    secret: str


class SecondStepOn(BaseModel):
    """Recovery codes: each opens once, and nobody can read them again."""

    codes: list[str]


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OneSession(BaseModel):
    id: UUID
    label: str
    since: datetime
    seen: datetime
    this: bool


class OwnSessions(BaseModel):
    sessions: list[OneSession]


class PhoneEnded(BaseModel):
    """For whom a phone was ended: names of those in the caller's reach, and how many others."""

    names: list[str]
    others: int


class Delegated(BaseModel):
    id: int
    first: date
    last: date


class InvitationMade(BaseModel):
    """`link` holds the secret behind a #; `qr` is the same as an SVG picture; `code` is for who can open neither."""

    link: str
    qr: str
    code: str
    expires_at: datetime


class InvitationSeen(BaseModel):
    id: int
    name: str
    team: str


class RescueSeal(BaseModel):
    """What a phone closes rescue files with, and what it proves itself with inside of them."""

    key: str
    proof: str


class Joined(BaseModel):
    id: int
    device: UUID
    rescue: RescueSeal


class NoticesNow(BaseModel):
    """`key` is what a browser subscribes with, empty where this server tells nobody anything."""

    key: str
    on: bool


class RecordAnswer(BaseModel):
    model_config = ConfigDict(extra="allow")
    id: str
    result: Literal["created", "identical", "held", "differs", "superseded", "invalid", "forbidden", "failed"]
    code: str | None = None
    field: str | None = None


class PushAnswer(BaseModel):
    """A result for each record, in their order; `server_time` in milliseconds since 1970."""

    results: list[RecordAnswer]
    epoch: str
    server_time: int


class PullAnswer(BaseModel):
    """One page of what is new for this phone; kinds without a change are left out."""

    model_config = ConfigDict(extra="allow")
    epoch: str
    reset: bool
    left: list[str]
    me: dict[str, Any]
    platforms: list[dict[str, Any]] = []
    narrations: list[dict[str, Any]] = []
    households: list[dict[str, Any]] = []
    cards: list[dict[str, Any]] = []
    visits: list[dict[str, Any]] = []
    tombstones: list[dict[str, Any]] = []
    sorted: list[RecordAnswer] = []
    more: bool
    cursor: str
    server_time: int


class RescueLine(RecordAnswer):
    kind: str


class Rescued(BaseModel):
    """What became of a rescue file: records new here, here before, and to look at (`lines`, the first hundred)."""

    author: str
    records: int
    known: int
    look: int
    lines: list[RescueLine]
    photos: int
    photos_known: int
    photos_left: int


class NarrationAdded(BaseModel):
    id: UUID
    title: str
    seconds: int
    bytes: int


class ListStaged(BaseModel):
    """How many lines a list has, how many of them have a fault, and of how many the record knows already."""

    id: UUID
    lines: int
    faulty: int
    twins: int


class DecisionKept(BaseModel):
    """`warnings` is how many of the teams that it names still lack something that nobody gave a reason for."""

    id: int
    number: str
    teams: int
    warnings: int
    silenced: int


class MaterialKept(BaseModel):
    """A commune's good practice waits for the province."""

    id: int
    kind: str
    state: str


class TemplateKept(BaseModel):
    """Which paper it is for, and what its file was called."""

    kind: str
    name: str


class SecretMade(BaseModel):
    """`secret` is shown this once and can be asked for nowhere."""

    id: UUID
    secret: str


class LinkMade(BaseModel):
    """`secret` is a whole address, shown this once."""

    id: int
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
