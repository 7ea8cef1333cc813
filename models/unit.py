"""Administrative units in time: province, commune (xã, phường, đặc khu), village (thôn, làng, tổ dân phố)."""

from datetime import date
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint

from models.base import Stored, word


class UnitKind(StrEnum):
    PROVINCE = "province"
    COMMUNE = "commune"
    VILLAGE = "village"


class Division(StrEnum):
    """The legal or customary kind of a unit; the label on the screen comes from the catalogue."""

    TINH = "tinh"
    XA = "xa"
    PHUONG = "phuong"
    DAC_KHU = "dac_khu"
    THON = "thon"
    LANG = "lang"
    BAN = "ban"
    TO_DAN_PHO = "to_dan_pho"
    KHU_PHO = "khu_pho"


class Region(StrEnum):
    EAST = "east"
    WEST = "west"


class Terrain(StrEnum):
    """Of a commune, as the product's reference data assumes it."""

    URBAN = "urban"
    LOWLAND = "lowland"
    MOUNTAIN = "mountain"
    ISLAND = "island"


class Unit(Stored, table=True):
    """A unit while it is valid; a rename or merge closes it and opens another (`UnitSuccession`)."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=12, index=True)
    kind: UnitKind = Field(sa_type=word(), index=True)
    division: Division = Field(sa_type=word())
    name: str = Field(max_length=120)
    key: str = Field(max_length=120, index=True)
    parent_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    region: Region | None = Field(default=None, sa_type=word())
    terrain: Terrain | None = Field(default=None, sa_type=word())
    households_declared: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    asks_place: bool = False
    """Whether phones of this commune may name where a visit was made; off unless the commune turned it on."""
    contact: str | None = Field(default=None, max_length=200)
    is_sample: bool = False
    valid_from: date
    valid_to: date | None = None


class UnitSuccession(Stored, table=True):
    """What a unit became, n to m: a merge has many rows to one, a split one to many."""

    __tablename__ = "unit_succession"

    from_id: int = Field(foreign_key="unit.id", primary_key=True)
    to_id: int = Field(foreign_key="unit.id", primary_key=True)
    on: date
