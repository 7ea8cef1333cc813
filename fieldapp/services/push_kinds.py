"""What each kind of record does once its id is claimed: one branch a kind, each a call to the noun's own service."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.activity import ActivityPayload, ActivityWithdrawPayload
from fieldapp.domain.difficulty import DifficultyPayload
from fieldapp.domain.household_confirmation import ConfirmationPayload
from fieldapp.domain.log_comment import AnswerPayload, CommentPayload
from fieldapp.domain.material import PracticePayload
from fieldapp.domain.record import OF_NO_VILLAGE, Envelope, RecordKind
from fieldapp.domain.visit import (
    SCHEMA_VERSION,
    CardBindPayload,
    DecisionPayload,
    HouseholdPayload,
    PhotoPayload,
    VisitPayload,
    WithdrawPayload,
)
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.zalo_group import GroupPayload
from fieldapp.permissions import Action, require
from fieldapp.problems import Problem
from fieldapp.services import (
    activities,
    cards,
    difficulties,
    household_confirmations,
    household_moves,
    households,
    log_comments,
    photo_consents,
    practices,
    push_team_kinds,
    reviews,
    visits,
    zalo_groups,
)
from fieldapp.services.credits import posting_at, posting_for, posting_of_doer
from fieldapp.services.holding import Held, is_refused, list_awaited
from fieldapp.services.push_batch import Answer, Batch
from fieldapp.services.scopes import raise_villages
from fieldapp.services.visit_facts import Taking
from models.activity import Activity
from models.held import HeldReason
from models.household import Household
from models.log_comment import LogComment
from models.sync import PushResult, Record
from models.visit import Visit

OF_A_VILLAGE: dict[str, tuple[Action, type[Any], Any]] = {
    RecordKind.ACTIVITY_CREATE: (Action.RECORD_ACTIVITY, ActivityPayload, activities.create),
    RecordKind.DIFFICULTY_CREATE: (Action.REPORT_DIFFICULTY, DifficultyPayload, difficulties.create),
    RecordKind.GROUP_UPDATE: (Action.UPDATE_GROUP, GroupPayload, zalo_groups.update),
    RecordKind.PRACTICE_SUBMIT: (Action.SUBMIT_PRACTICE, PracticePayload, practices.submit),
}
"""Kinds that concern a village as a whole, and no household."""


async def act_on(session: AsyncSession, batch: Batch, envelope: Envelope) -> Answer:
    if envelope.kind not in set(RecordKind) or envelope.schema_version > SCHEMA_VERSION:
        raise Held(HeldReason.UNKNOWN_KIND)
    if envelope.kind != RecordKind.VISIT_CREATE:
        await batch.rows.write(session)
    if envelope.kind in OF_NO_VILLAGE:
        await push_team_kinds.act_on(session, batch, envelope)
        return {}
    match RecordKind(envelope.kind):
        case RecordKind.VISIT_CREATE:
            payload = VisitPayload.model_validate(envelope.payload)
            taking = await _taking(session, batch, envelope, payload)
            batch.movements.append(await visits.create(session, taking, payload))
            _note_consents(batch, "visit", taking.id, taking.village_id, payload.photos)
        case RecordKind.VISIT_REPLACE:
            await _replace(session, batch, envelope)
        case RecordKind.VISIT_WITHDRAW | RecordKind.ACTIVITY_WITHDRAW:
            await _withdraw(session, batch, envelope)
        case RecordKind.REVIEW_DECIDE:
            return await _decide(session, batch, envelope)
        case RecordKind.HOUSEHOLD_ADD | RecordKind.HOUSEHOLD_CONFIRM:
            await _met_at_the_door(session, batch, envelope)
        case RecordKind.CARD_BIND:
            binding = CardBindPayload.model_validate(envelope.payload)
            household = await _household(session, batch, envelope, binding.household)
            await posting_at(session, batch.postings, household, vn_day(batch.made_at(envelope)), bool(batch.ruled))
            version = batch.version(household.village_id)
            await cards.bind(session, binding, household, envelope.author, version)
        case _:
            await _of_a_village(session, batch, envelope)
    return {}


async def _met_at_the_door(session: AsyncSession, batch: Batch, envelope: Envelope) -> None:
    """A household met at the door, or a leader's word on one."""
    made_at = batch.made_at(envelope)
    if envelope.kind == RecordKind.HOUSEHOLD_ADD:
        added = HouseholdPayload.model_validate(envelope.payload)
        batch.households[added.household] = await _added(session, batch, envelope.author, added, vn_day(made_at))
        return
    confirmation = ConfirmationPayload.model_validate(envelope.payload)
    for named in (confirmation.household, confirmation.into):
        if named is not None and await session.get(Household, named) is None:
            await _never_was(session, batch, envelope, named)
    who = batch.author_on(vn_day(made_at))
    movements = await household_confirmations.confirm(session, who, confirmation, made_at, batch.versions)
    batch.movements.extend(movements)


async def _of_a_village(session: AsyncSession, batch: Batch, envelope: Envelope) -> None:
    """What concerns it as a whole, or the day of one of its members."""
    if envelope.kind == RecordKind.LOG_COMMENT:
        return await _comment(session, batch, envelope)
    if envelope.kind == RecordKind.LOG_ANSWER:
        return await _answer(session, batch, envelope)
    action, form, take = OF_A_VILLAGE[envelope.kind]
    require(batch.who, action)
    said = form.model_validate(envelope.payload)
    deed = batch.deed(envelope, said.village)
    await take(session, deed, said)
    if isinstance(said, ActivityPayload | DifficultyPayload):
        _note_consents(batch, envelope.kind.split(".")[0], deed.id, deed.posting.village_id, said.photos)
    return None


def _note_consents(batch: Batch, name: str, record_id: UUID, village_id: int, named: Sequence[PhotoPayload]) -> None:
    batch.events.extend(photo_consents.events(batch.who, name, record_id, village_id, named))


async def _comment(session: AsyncSession, batch: Batch, envelope: Envelope) -> None:
    """What a leader says of a day log; in the place of an earlier comment, which goes away, or of none."""
    said = CommentPayload.model_validate(envelope.payload)
    base_id = envelope.replaces
    there = base_id is not None and await session.get(LogComment, base_id) is not None
    base = None
    if base_id is not None and (there or not await _never_was(session, batch, envelope, base_id)):
        base = await log_comments.get_own(session, base_id, envelope.author, said)
    # What holds the new one leaves the old one as it is.
    deed = batch.deed(envelope, said.village) if said.text or not envelope.replaces else None
    if base is not None:
        version = batch.version(base.village_id)
        await log_comments.withdraw(session, base, version, batch.received_at, for_another=bool(said.text))
    if deed is not None:
        await log_comments.create(session, batch.author_on(deed.done_on), deed, said)


async def _answer(session: AsyncSession, batch: Batch, envelope: Envelope) -> None:
    said = AnswerPayload.model_validate(envelope.payload)
    if await session.get(LogComment, said.comment) is None:
        await _never_was(session, batch, envelope, said.comment)
    comment = await log_comments.get(session, said.comment, "comment")
    moment = (batch.made_at(envelope), envelope.id)
    await log_comments.answer(session, batch.who, comment, moment, said.text, batch.version(comment.village_id))


async def _withdraw_activity(session: AsyncSession, batch: Batch, envelope: Envelope) -> None:
    payload = ActivityWithdrawPayload.model_validate(envelope.payload)
    there = await session.get(Activity, payload.activity)
    if there is None and await _never_was(session, batch, envelope, payload.activity):
        return
    activity = await activities.get_own(session, payload.activity, envelope.author)
    await activities.withdraw(session, activity, batch.version(activity.village_id), batch.received_at)


async def _replace(session: AsyncSession, batch: Batch, envelope: Envelope) -> None:
    """The next version of a visit, or a first one where none of those before it was ever taken in."""
    payload = VisitPayload.model_validate(envelope.payload)
    if envelope.replaces is None:
        raise Problem("invalid", "replaces")
    rests_on = await _version_named(session, batch, envelope, envelope.replaces)
    if rests_on is None:
        taking = await _taking(session, batch, envelope, payload)
        batch.movements.append(await visits.create(session, taking, payload))
        _note_consents(batch, "visit", taking.id, taking.village_id, payload.photos)
        return
    base = await visits.get_own(session, rests_on, envelope.author)
    version = batch.version(base.village_id)
    taking = await _taking(session, batch, envelope, payload)
    batch.movements.extend(await visits.replace(session, taking, payload, base, version))
    _note_consents(batch, "visit", taking.id, taking.village_id, payload.photos)


async def _withdraw(session: AsyncSession, batch: Batch, envelope: Envelope) -> None:
    """Takes a visit or an activity away; one that was held and then refused never was there."""
    if envelope.kind == RecordKind.ACTIVITY_WITHDRAW:
        await _withdraw_activity(session, batch, envelope)
        return
    payload = WithdrawPayload.model_validate(envelope.payload)
    rests_on = await _version_named(session, batch, envelope, payload.visit)
    if rests_on is None:
        return
    visit = await visits.get_own(session, rests_on, envelope.author)
    version = batch.version(visit.village_id)
    standing = payload.model_copy(update={"visit": rests_on})
    batch.movements.extend(await visits.withdraw(session, standing, envelope.author, version))


async def _version_named(session: AsyncSession, batch: Batch, envelope: Envelope, named: UUID) -> UUID | None:
    """The version that a record names, or where that was held and then refused the one that it was to replace.

    None where that was to be a first version. Raises `Held` where it may come yet.
    """
    while await session.get(Visit, named) is None and await _never_was(session, batch, envelope, named):
        refused = await session.get_one(Record, named)
        earlier = (refused.payload or {}).get("replaces")
        if earlier is None:
            return None
        named = UUID(earlier)
    return named


async def _decide(session: AsyncSession, batch: Batch, envelope: Envelope) -> Answer:
    """Decides what is here. Raises `Held` with the results so far where some of the visits may come yet."""
    made_at = batch.made_at(envelope)
    who = batch.author_on(vn_day(made_at))
    require(who, Action.REVIEW_VISIT)
    payload = DecisionPayload.model_validate(envelope.payload)
    earlier = {name: said for name, said in batch.done.get("visits", {}).items() if said["result"] != PushResult.HELD}
    open_ones = [decided for decided in payload.visits if str(decided.visit) not in earlier]
    rest = payload.model_copy(update={"visits": open_ones})
    results, movements = await reviews.decide_visits(session, who, envelope.id, rest, made_at, batch.versions)
    results = earlier | results
    batch.movements.extend(movements)
    unknown = {UUID(name) for name, said in results.items() if said.get("code") == "visit_unknown"}
    awaited = (await list_awaited(session, unknown - batch.refused, made_at)).values() if unknown else ()
    if waits := [held for held in awaited if held is not None]:
        results |= {str(held.waits_for): {"result": PushResult.HELD, "reason": held.reason} for held in waits}
        raise Held(waits[0].reason, waits[0].village_id, waits[0].waits_for, {"visits": results})
    words = {r["result"] for r in results.values()}
    if words == {PushResult.SUPERSEDED}:
        raise visits.Superseded({"visits": results})
    if words <= {PushResult.FORBIDDEN, PushResult.INVALID}:
        raise Problem(next(iter(results.values()))["code"], "visits")
    return {"visits": results}


async def _never_was(session: AsyncSession, batch: Batch, envelope: Envelope, thing_id: UUID) -> bool:
    """Of a visit or household that is not here: whether its own record was held and then refused.

    Raises `Held` where it may come yet: not where this very push brought it, and it was refused.
    """
    return thing_id not in batch.refused and await is_refused(session, thing_id, batch.made_at(envelope))


async def _household(session: AsyncSession, batch: Batch, envelope: Envelope, household_id: UUID) -> Household:
    """The household that a record names, or the one that it was merged into.

    Raises `Held` where it may come yet, else `household_unknown`.
    """
    household = batch.households.get(household_id)
    if household is None:
        await _never_was(session, batch, envelope, household_id)
        raise Problem("household_unknown", "household")
    return await households.standing(session, household)


async def _added(session: AsyncSession, batch: Batch, member_id: int, added: HouseholdPayload, day: date) -> Household:
    """A household met at the door; where that village has ended since, it goes the way of its neighbours."""
    posting = posting_for(batch.postings, added.village, day)
    there = added.model_copy(update={"village": posting.village_id})
    version = batch.version(posting.village_id)
    household = await households.add_at_the_door(session, there, member_id, version, batch.received_at)
    if posting.valid_to is not None:
        await household_moves.follow(session, household)
        batch.versions |= await raise_villages(session, {household.village_id} - batch.versions.keys())
        household.scope_version = batch.version(household.village_id)
        await session.flush()
    return household


async def _taking(session: AsyncSession, batch: Batch, envelope: Envelope, payload: VisitPayload) -> Taking:
    household = await _household(session, batch, envelope, payload.household)
    batch.require_made(envelope)
    made_at = batch.made_at(envelope)
    day = vn_day(made_at)
    posting = await posting_at(session, batch.postings, household, day, bool(batch.ruled))
    done_by_id = payload.done_by if payload.done_by != envelope.author else None
    if done_by_id is not None:
        posting = await posting_of_doer(session, done_by_id, posting.village_id, day)
    return Taking(
        id=envelope.id,
        author_id=envelope.author,
        device_id=batch.device_id,
        device_made_at=envelope.device_made_at,
        made_at=made_at,
        done_on=day,
        clock_error=batch.clock_error,
        received_at=batch.received_at,
        posting=posting,
        done_by_id=done_by_id,
        household=household,
        version=batch.version(posting.village_id),
        rows=batch.rows,
        sorted_out=HeldReason.CARD_OTHER_COMMUNE in batch.ruled,
    )
