"""What names photos: visits, and what a team does besides. The same steps for all of them, on their own tables.

The statements are made once: to make one costs more than to run it.
"""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update

from fieldapp.permissions import Action
from models.activity import Activity
from models.difficulty import Difficulty
from models.visit import Photo, PhotoState, Visit
from models.work_photo import WorkPhoto

PHOTO_TABLES = (Photo.__table__, WorkPhoto.__table__)


class Keeper:
    """A table of photos and the one whose rows name them by `column`; `name` is what the trail calls such a row."""

    def __init__(self, name: str, photo: Any, owner: Any, column: str, action: Action) -> None:
        self.name, self.photo, self.owner, self.action = name, photo, owner, action
        self.photos, self.owners = photo.__table__, owner.__table__
        self.owner_id = self.photos.c[column]
        self.joined = self.owners.c.id == self.owner_id
        place = (self.owners.c.author_id, self.owners.c.village_id, self.owners.c.commune_id)
        named = (self.owner_id == bindparam("record"), self.photos.c.sha256 == bindparam("hash"))
        self.find = select(self.photos, *place).join(self.owners, self.joined).where(*named)
        these = self.photos.c.id.in_(bindparam("photos", expanding=True))
        self.accept = (
            update(self.photos)
            .where(these, self.photos.c.state == PhotoState.EXPECTED)
            .values(state=PhotoState.ACCEPTED, accepted_at=bindparam("now"))
            .returning(self.photos.c.id)
        )
        raised = update(self.owners).where(self.owners.c.id == bindparam("record"))
        self.raise_owner = raised.values(scope_version=bindparam("raised_to"))

    def waits(self, sha256: str) -> tuple[ColumnElement[bool], ...]:
        return self.owner_id.is_not(None), self.photos.c.sha256 == sha256, self.photos.c.state == PhotoState.ACCEPTED


OF_VISITS = Keeper("visit", Photo, Visit, "visit_id", Action.RECORD_VISIT)
OF_ACTIVITIES = Keeper("activity", WorkPhoto, Activity, "activity_id", Action.RECORD_ACTIVITY)
OF_DIFFICULTIES = Keeper("difficulty", WorkPhoto, Difficulty, "difficulty_id", Action.REPORT_DIFFICULTY)
KEEPERS = (OF_VISITS, OF_ACTIVITIES, OF_DIFFICULTIES)
