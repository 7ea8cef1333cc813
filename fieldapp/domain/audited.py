"""Every deed that is written down, by what it is about: what the audit offers to filter by, and names in words."""

from models.difficulty import DifficultyDeed
from models.target import TargetStep

AUDITED: dict[str, tuple[str, ...]] = {
    "session": ("session.open", "session.end"),
    "account": (
        "account.create",
        "account.change",
        "account.link",
        "account.password",
        "account.block",
        "account.unblock",
        "account.lock",
        "account.discard",
        "account.second_step_on",
        "account.second_step_off",
        "account.recovery_code",
    ),
    "phone": ("enrolment.make", "enrolment.join", "device.end"),
    "seen": (
        "export.summary",
        "export.visits",
        "export.audit",
        "export.consents",
        "export.household",
        "export.incident",
        "contact.view",
    ),
    "visit": (
        "visit.create",
        "visit.replace",
        "visit.withdraw",
        "review.decide",
        "visit.approve",
        "visit.send_back",
        "visit.reopen",
        "visit.keep",
        "review.delegate",
        "review.take_back",
        "photo.accept",
        "photo.refuse",
        "photo.consent",
        "photo.seen",
        "photo.withdraw",
    ),
    "record": ("record.accept", "record.refuse", "record.rescue"),
    "household": (
        "household.add",
        "household.change",
        "household.move",
        "household.return",
        "household.merge",
        "household.take_in",
        "household.confirm",
        "household.erase",
        "card.bind",
        "card.print",
        "roster.stage",
        "roster.discard",
        "roster.apply",
        "roster.undo",
    ),
    "team": (
        "activity.create",
        "activity.withdraw",
        "difficulty.create",
        *(f"difficulty.{deed}" for deed in DifficultyDeed if deed != DifficultyDeed.REPORT),
        "group.update",
        "log.comment",
        "log.answer",
    ),
    "target": (
        *(f"target.{step}" for step in TargetStep),
        "target.accept",
        "task.assign",
        "task.withdraw",
        "task.mark",
    ),
    "unit": ("unit.open", "unit.rename", "unit.merge", "unit.stop"),
    "connection": (
        "token.make",
        "token.end",
        "webhook.add",
        "webhook.state",
        "webhook.secret",
        "webhook.remove",
        "webhook.replay",
    ),
    "rights": (
        "rights.receive",
        "rights.answer",
        "rights.finish",
        "rights.refuse",
        "rights.erase",
        "rights.photo",
    ),
    "kept": (
        "retention.photos",
        "retention.words",
        "retention.trail",
        "incident.save",
        "incident.reported",
        "incident.closed",
        "incident.end_sessions",
    ),
    "commune": ("place.ask", "calendar.decide", "calendar.forget", "narration.add", "narration.remove"),
}
OTHER = "other"
"""What a deed is called that a newer phone has done and nothing here knows."""

DEEDS = frozenset(action for actions in AUDITED.values() for action in actions)


def known(action: str) -> str:
    return action if action in DEEDS else OTHER
