"""What records do that concern no village: a team's targets and tasks, which its leader and deputy speak of, and what
somebody has opened or finished."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.announcement import ReadPayload
from fieldapp.domain.course import CoursePayload
from fieldapp.domain.record import NAMES_TEAM, Envelope, RecordKind
from fieldapp.domain.report_form import SubmitPayload
from fieldapp.domain.target import AcceptPayload, SplitPayload
from fieldapp.domain.task import MarkPayload
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.services import announcements, courses, period_reports, tasks, team_targets
from fieldapp.services.push_batch import Batch
from fieldapp.services.scopes import raise_versions, team_key
from fieldapp.services.team_deeds import TeamDeed

OF_A_TEAM: dict[str, tuple[type[Any], Any]] = {
    RecordKind.TARGET_ACCEPT: (AcceptPayload, team_targets.accept),
    RecordKind.TARGET_SPLIT: (SplitPayload, team_targets.split),
    RecordKind.TASK_MARK: (MarkPayload, tasks.mark),
    RecordKind.REPORT_SUBMIT: (SubmitPayload, period_reports.submit),
}


def teams_named(batch: Batch) -> set[int]:
    """The author's own teams that the records of a push may change."""
    mine = {posting.team_id for posting in batch.postings}
    named = (e.payload.get("team") for e in batch.envelopes if e.kind in NAMES_TEAM)
    return mine & {team for team in named if type(team) is int}


async def act_on(session: AsyncSession, batch: Batch, envelope: Envelope) -> None:
    """Judged by the office that the author had on the day of the word. Raises `out_of_scope` for another's team."""
    if envelope.kind == RecordKind.ANNOUNCEMENT_READ:
        opened, at = ReadPayload.model_validate(envelope.payload), batch.made_at(envelope)
        communes = {posting.commune_id for posting in batch.postings}
        await announcements.read(session, batch.who, opened.announcement, communes, envelope.id, at)
        return
    if envelope.kind == RecordKind.COURSE_DONE:
        course = CoursePayload.model_validate(envelope.payload).course
        await courses.finish(session, batch.who, course, batch.made_at(envelope))
        return
    form, take = OF_A_TEAM[envelope.kind]
    said = form.model_validate(envelope.payload)
    batch.require_made(envelope)
    if said.team not in {posting.team_id for posting in batch.postings}:
        raise Problem("out_of_scope", "team")
    made_at = batch.made_at(envelope)
    day = vn_day(made_at)
    if not team_targets.leads(batch.postings, said.team, day):
        raise Problem("forbidden", "team")
    if said.team not in batch.teams:
        # Held by a server that did not know its kind, and sorted by one that does.
        await raise_versions(session, [team_key(said.team)])
    await take(session, TeamDeed(envelope.id, batch.author_on(day), made_at), said)
