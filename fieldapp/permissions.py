"""Who may do what, as a table that can be read aloud: action -> role -> how far it reaches.

`tests/house/test_permissions.py` holds it against a matrix of expectations written by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fieldapp.domain.action import Action, Reach
from fieldapp.problems import Problem
from models.account import Role

_MEMBER, _LEADER = Role.MEMBER, Role.LEADER
_OFFICER, _HEAD, _PROVINCE = Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER, Role.PROVINCE_OFFICER
_PARTNER, _ADMIN = Role.PARTNER, Role.ADMIN
_V, _C, _P, _OWN = Reach.VILLAGE, Reach.COMMUNE, Reach.PROVINCE, Reach.OWN

TABLE: dict[Action, dict[Role, Reach]] = {
    Action.SYNC: {_MEMBER: _V, _LEADER: _V},
    Action.RECORD_VISIT: {_MEMBER: _V, _LEADER: _V},
    Action.REVIEW_VISIT: {_LEADER: _V},
    Action.CONFIRM_HOUSEHOLD: {_LEADER: _V},
    Action.RECORD_ACTIVITY: {_MEMBER: _V, _LEADER: _V},
    Action.REPORT_DIFFICULTY: {_MEMBER: _V, _LEADER: _V},
    Action.UPDATE_GROUP: {_MEMBER: _V, _LEADER: _V},
    Action.COMMENT_LOG: {_LEADER: _V},
    Action.ANSWER_COMMENT: {_MEMBER: _OWN, _LEADER: _OWN},
    Action.DELEGATE_REVIEW: {_LEADER: _V},
    Action.DECIDE_LEFT: {_OFFICER: _C},
    Action.REOPEN_VISIT: {_OFFICER: _C},
    Action.SORT_RECORD: {_OFFICER: _C},
    Action.RESCUE_RECORD: {_LEADER: _V, _OFFICER: _C},
    Action.READ_VISIT: {_MEMBER: _V, _LEADER: _V, _OFFICER: _C, _HEAD: _C},
    Action.READ_PHOTO: {_MEMBER: _OWN, _LEADER: _V, _OFFICER: _C, _HEAD: _C},
    Action.READ_HOUSEHOLD: {_MEMBER: _V, _LEADER: _V, _OFFICER: _C, _HEAD: _C},
    Action.READ_SUMMARY: {_MEMBER: _V, _LEADER: _V, _OFFICER: _C, _HEAD: _C, _PROVINCE: _P, _ADMIN: _P},
    # All that a partner reads, and only of the communes in which its company works (services/percentages.py).
    Action.READ_PERCENTAGE: {_PARTNER: _OWN},
    Action.READ_TEAM: {_MEMBER: _V, _LEADER: _V, _OFFICER: _C, _HEAD: _C, _PROVINCE: _P, _ADMIN: _P},
    Action.INVITE_MEMBER: {_LEADER: _V, _OFFICER: _C, _ADMIN: _P},
    Action.PRINT_CARD: {_OFFICER: _C, _ADMIN: _P},
    Action.MANAGE_SESSION: dict.fromkeys(Role, _OWN),
    Action.END_PHONE: {_LEADER: _V, _OFFICER: _C, _ADMIN: _P},
    Action.ASK_PLACE: {_OFFICER: _C},
    Action.RECEIVE_NOTICE: {_MEMBER: _OWN, _LEADER: _OWN},
    Action.NARRATE_GUIDE: {_OFFICER: _C},
    Action.HEAR_GUIDE: {_MEMBER: _C, _LEADER: _C, _OFFICER: _C},
    Action.MANAGE_TOKEN: {_OFFICER: _OWN, _HEAD: _OWN, _PROVINCE: _OWN, _ADMIN: _OWN},
    Action.MANAGE_HOOK: {_PROVINCE: _P, _ADMIN: _P},
    Action.READ_UNIT: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P, _ADMIN: _P},
    Action.MANAGE_UNIT: {_OFFICER: _C, _ADMIN: _P},
    Action.SEARCH: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P, _ADMIN: _P},
    Action.OWN_ACCOUNT: dict.fromkeys((_OFFICER, _HEAD, _PROVINCE, _PARTNER, _ADMIN), _OWN),
    # Communes make no accounts; which roles the others give: domain/account_rule.py.
    Action.MANAGE_ACCOUNT: {_PROVINCE: _P, _ADMIN: _P},
    # The province and the administrator read deeds, and nothing of residents (reports/audit_list.py).
    Action.READ_AUDIT: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P, _ADMIN: _P},
    # The province sees numbers of phones, never whose they are.
    Action.READ_PHONE: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P, _ADMIN: _P},
    Action.READ_DIFFICULTY: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    Action.HANDLE_DIFFICULTY: {_OFFICER: _C, _PROVINCE: _P},
    Action.DIRECT_DIFFICULTY: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    Action.KEEP_CALENDAR: {_PROVINCE: _P, _ADMIN: _P},
    Action.READ_RIGHTS: {_OFFICER: _C, _HEAD: _C},
    Action.ANSWER_RIGHTS: {_OFFICER: _C},
    Action.KEEP_INCIDENT: {_OFFICER: _C, _PROVINCE: _P, _ADMIN: _P},
    Action.READ_ACTIVITY: {_OFFICER: _C, _HEAD: _C},
    Action.READ_TARGET: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    Action.ALLOT_TARGET: {_OFFICER: _C, _PROVINCE: _P},
    Action.ACCEPT_TARGET: {_LEADER: _V, _OFFICER: _C},
    Action.SPLIT_TARGET: {_LEADER: _V},
    Action.READ_TASK: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    Action.ASSIGN_TASK: {_OFFICER: _C, _PROVINCE: _P},
    Action.MARK_TASK: {_LEADER: _V, _OFFICER: _C},
    Action.IMPORT_ROSTER: {_OFFICER: _C},
    Action.KEEP_HOUSEHOLD: {_OFFICER: _C},
    Action.REVOKE_CARD: {_OFFICER: _C},
    Action.MANAGE_TEAM: {_OFFICER: _C},
    Action.READ_DECISION: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    Action.MANAGE_DECISION: {_OFFICER: _C},
    Action.READ_REGISTER: {_OFFICER: _C, _PROVINCE: _P},
    Action.REPORT_REGISTER: {_OFFICER: _C},
    Action.SHAPE_REGISTER: {_PROVINCE: _P},
    Action.READ_PLATFORM: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P, _ADMIN: _P},
    Action.KEEP_PLATFORM: {_PROVINCE: _P, _ADMIN: _P},
    Action.KEEP_INDICATOR: {_PROVINCE: _P},
    Action.READ_PARTNER: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P, _ADMIN: _P},
    Action.KEEP_PARTNER: {_OFFICER: _C, _PROVINCE: _P},
    # At the desk, with who has opened it; on a phone it is opened.
    Action.READ_ANNOUNCEMENT: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    Action.WRITE_ANNOUNCEMENT: {_OFFICER: _C, _PROVINCE: _P},
    Action.OPEN_ANNOUNCEMENT: {_MEMBER: _C, _LEADER: _C},
    Action.READ_MATERIAL: {_MEMBER: _C, _LEADER: _C, _OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    Action.KEEP_MATERIAL: {_OFFICER: _C, _PROVINCE: _P},
    Action.APPROVE_PRACTICE: {_PROVINCE: _P},
    Action.SUBMIT_PRACTICE: {_MEMBER: _V, _LEADER: _V},
    Action.FINISH_COURSE: {_MEMBER: _OWN, _LEADER: _OWN},
    Action.READ_CONTACT: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    Action.KEEP_CONTACT: {_OFFICER: _C, _PROVINCE: _P},
    Action.READ_CLASS: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    # The province keeps its own classes, not those of communes (services/training_classes.py).
    Action.KEEP_CLASS: {_OFFICER: _C, _PROVINCE: _P},
    Action.READ_REPORT: {_LEADER: _V, _OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    Action.SUBMIT_REPORT: {_LEADER: _V},
    # A commune checks its villages' reports, the province those of communes (services/period_reports.py).
    Action.CHECK_REPORT: {_OFFICER: _C, _PROVINCE: _P},
    Action.CONSOLIDATE_REPORT: {_OFFICER: _C, _PROVINCE: _P},
    Action.SIGN_REPORT: {_HEAD: _C},
    Action.REMIND_REPORT: {_OFFICER: _C, _PROVINCE: _P},
    Action.ASK_REPORT: {_OFFICER: _C, _PROVINCE: _P},
    Action.RULE_PERIOD: {_PROVINCE: _P},
    Action.PAUSE_PERIOD: {_HEAD: _C, _PROVINCE: _P},
    # Which papers there are, and the coverage of groups; what each other paper says has its own action besides.
    Action.READ_PAPER: {_OFFICER: _C, _HEAD: _C, _PROVINCE: _P},
    # The province keeps those of its own papers (services/paper_templates.py).
    Action.KEEP_TEMPLATE: {_OFFICER: _C, _PROVINCE: _P},
}

BEFORE_SECOND_STEP = (Action.MANAGE_SESSION, Action.OWN_ACCOUNT)
"""All that is left to an officer whose role asks for a second step at sign-in, until it is set up."""

LEADING = (
    Action.REVIEW_VISIT,
    Action.CONFIRM_HOUSEHOLD,
    Action.COMMENT_LOG,
    Action.DELEGATE_REVIEW,
    Action.RESCUE_RECORD,
    Action.READ_PHOTO,
    Action.INVITE_MEMBER,
    Action.END_PHONE,
    Action.ACCEPT_TARGET,
    Action.SPLIT_TARGET,
    Action.MARK_TASK,
    Action.READ_REPORT,
    Action.SUBMIT_REPORT,
)
"""What a village team's leader and deputy do where they lead, not in every village that they serve."""


@dataclass(frozen=True)
class Principal:
    """Who is acting, as the session says: never what a request claims."""

    role: Role
    session_id: str
    account_id: int | None = None
    member_id: int | None = None
    commune_id: int | None = None
    village_ids: frozenset[int] = frozenset()
    led_village_ids: frozenset[int] = frozenset()
    continues: Mapping[int, int] = field(default_factory=dict, hash=False)
    """Villages that have ended, and which of one's own continues each: what waits there is one's own too."""

    unit_id: int | None = None
    """Of an officer, the commune or the province in which the account stands."""

    partner_id: int | None = None
    """Of a partner's account, the company whose it is."""

    name: str = ""
    unit_name: str = ""
    within: frozenset[Action] | None = None
    """What a token was made for; None for a person, who may all that the table says."""

    def only(self, actions: frozenset[Action]) -> "Principal":
        return replace(self, within=actions)

    owes_second_step: bool = False
    """Whether this role asks for a second step at sign-in and this person has none yet."""


@dataclass(frozen=True)
class Place:
    """Where something stands: the units it belongs to and the member who owns it."""

    village_id: int | None = None
    commune_id: int | None = None
    member_id: int | None = None


def reach_of(principal: Principal, action: Action) -> Reach | None:
    """How far this person may do this, or None where not at all."""
    if principal.within is not None and action not in principal.within:
        return None
    if principal.owes_second_step and action not in BEFORE_SECOND_STEP:
        return None
    return TABLE[action].get(principal.role)


def may(principal: Principal, action: Action, place: Place | None = None) -> bool:
    """Whether this person may do this there; with no place, whether they may do it anywhere."""
    reach = reach_of(principal, action)
    if reach is None:
        return False
    if place is None or reach is Reach.PROVINCE:
        return True
    if reach is Reach.OWN:
        return place.member_id is not None and place.member_id == principal.member_id
    if reach is Reach.COMMUNE:
        return place.commune_id is not None and place.commune_id == principal.commune_id
    if action is Action.READ_PHOTO and place.member_id is not None and place.member_id == principal.member_id:
        return True
    villages = principal.led_village_ids if action in LEADING else principal.village_ids
    return place.village_id in villages or principal.continues.get(place.village_id or 0) in villages


def require(principal: Principal, action: Action, place: Place | None = None) -> None:
    """Raises Problem `forbidden` unless `may`."""
    if not may(principal, action, place):
        raise Problem("forbidden")
