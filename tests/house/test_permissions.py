"""The permission table held against expectations written by hand, with baits that must stay refused.

A letter says how far a role reaches: P the province, C its commune, V its villages, L villages it leads, B those and
what is its own, O what is its own alone, a dot nothing.
"""

from dataclasses import replace

import pytest

from fieldapp.permissions import TABLE, Action, Place, Principal, may
from models.account import Role

ROLES = (
    Role.MEMBER, Role.LEADER, Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER, Role.PROVINCE_OFFICER, Role.PARTNER, Role.ADMIN
)  # fmt: skip
EXPECTED = {
    #                       member leader officer head province partner admin
    Action.SYNC:            "V      V      .       .    .        .       .",
    Action.RECORD_VISIT:    "V      V      .       .    .        .       .",
    Action.REVIEW_VISIT:    ".      L      .       .    .        .       .",
    Action.CONFIRM_HOUSEHOLD: ".    L      .       .    .        .       .",
    Action.RECORD_ACTIVITY: "V      V      .       .    .        .       .",
    Action.REPORT_DIFFICULTY: "V    V      .       .    .        .       .",
    Action.UPDATE_GROUP:    "V      V      .       .    .        .       .",
    Action.COMMENT_LOG:     ".      L      .       .    .        .       .",
    Action.ANSWER_COMMENT:  "O      O      .       .    .        .       .",
    Action.DELEGATE_REVIEW: ".      L      .       .    .        .       .",
    Action.DECIDE_LEFT:     ".      .      C       .    .        .       .",
    Action.REOPEN_VISIT:    ".      .      C       .    .        .       .",
    Action.SORT_RECORD:     ".      .      C       .    .        .       .",
    Action.RESCUE_RECORD:   ".      L      C       .    .        .       .",
    Action.READ_VISIT:      "V      V      C       C    .        .       .",
    Action.READ_PHOTO:      "O      B      C       C    .        .       .",
    Action.READ_HOUSEHOLD:  "V      V      C       C    .        .       .",
    Action.READ_SUMMARY:    "V      V      C       C    P        .       P",
    Action.READ_PERCENTAGE: ".      .      .       .    .        O       .",
    Action.READ_TEAM:       "V      V      C       C    P        .       P",
    Action.INVITE_MEMBER:   ".      L      C       .    .        .       P",
    Action.PRINT_CARD:      ".      .      C       .    .        .       P",
    Action.MANAGE_SESSION:  "O      O      O       O    O        O       O",
    Action.END_PHONE:       ".      L      C       .    .        .       P",
    Action.ASK_PLACE:       ".      .      C       .    .        .       .",
    Action.RECEIVE_NOTICE:  "O      O      .       .    .        .       .",
    Action.NARRATE_GUIDE:   ".      .      C       .    .        .       .",
    Action.HEAR_GUIDE:      "C      C      C       .    .        .       .",
    Action.MANAGE_TOKEN:    ".      .      O       O    O        .       O",
    Action.MANAGE_HOOK:     ".      .      .       .    P        .       P",
    Action.READ_UNIT:       ".      .      C       C    P        .       P",
    Action.MANAGE_UNIT:     ".      .      C       .    .        .       P",
    Action.SEARCH:          ".      .      C       C    P        .       P",
    Action.OWN_ACCOUNT:     ".      .      O       O    O        O       O",
    Action.MANAGE_ACCOUNT:  ".      .      .       .    P        .       P",
    Action.READ_AUDIT:      ".      .      C       C    P        .       P",
    Action.READ_PHONE:      ".      .      C       C    P        .       P",
    Action.READ_DIFFICULTY: ".      .      C       C    P        .       .",
    Action.HANDLE_DIFFICULTY: ".    .      C       .    P        .       .",
    Action.DIRECT_DIFFICULTY: ".    .      C       C    P        .       .",
    Action.KEEP_CALENDAR:   ".      .      .       .    P        .       P",
    Action.READ_RIGHTS:     ".      .      C       C    .        .       .",
    Action.ANSWER_RIGHTS:   ".      .      C       .    .        .       .",
    Action.KEEP_INCIDENT:   ".      .      C       .    P        .       P",
    Action.READ_ACTIVITY:   ".      .      C       C    .        .       .",
    Action.READ_TARGET:     ".      .      C       C    P        .       .",
    Action.ALLOT_TARGET:    ".      .      C       .    P        .       .",
    Action.ACCEPT_TARGET:   ".      L      C       .    .        .       .",
    Action.SPLIT_TARGET:    ".      L      .       .    .        .       .",
    Action.READ_TASK:       ".      .      C       C    P        .       .",
    Action.ASSIGN_TASK:     ".      .      C       .    P        .       .",
    Action.MARK_TASK:       ".      L      C       .    .        .       .",
    Action.IMPORT_ROSTER:   ".      .      C       .    .        .       .",
    Action.KEEP_HOUSEHOLD:  ".      .      C       .    .        .       .",
    Action.REVOKE_CARD:     ".      .      C       .    .        .       .",
    Action.MANAGE_TEAM:     ".      .      C       .    .        .       .",
    Action.READ_DECISION:   ".      .      C       C    P        .       .",
    Action.MANAGE_DECISION: ".      .      C       .    .        .       .",
    Action.READ_REGISTER:   ".      .      C       .    P        .       .",
    Action.REPORT_REGISTER: ".      .      C       .    .        .       .",
    Action.SHAPE_REGISTER:  ".      .      .       .    P        .       .",
    Action.READ_PLATFORM:   ".      .      C       C    P        .       P",
    Action.KEEP_PLATFORM:   ".      .      .       .    P        .       P",
    Action.KEEP_INDICATOR:  ".      .      .       .    P        .       .",
    Action.READ_PARTNER:    ".      .      C       C    P        .       P",
    Action.KEEP_PARTNER:    ".      .      C       .    P        .       .",
    Action.READ_ANNOUNCEMENT: ".    .      C       C    P        .       .",
    Action.WRITE_ANNOUNCEMENT: ".   .      C       .    P        .       .",
    Action.OPEN_ANNOUNCEMENT: "C    C      .       .    .        .       .",
    Action.READ_MATERIAL:   "C      C      C       C    P        .       .",
    Action.KEEP_MATERIAL:   ".      .      C       .    P        .       .",
    Action.APPROVE_PRACTICE: ".     .      .       .    P        .       .",
    Action.SUBMIT_PRACTICE: "V      V      .       .    .        .       .",
    Action.FINISH_COURSE:   "O      O      .       .    .        .       .",
    Action.READ_CONTACT:    ".      .      C       C    P        .       .",
    Action.KEEP_CONTACT:    ".      .      C       .    P        .       .",
    Action.READ_CLASS:      ".      .      C       C    P        .       .",
    Action.KEEP_CLASS:      ".      .      C       .    P        .       .",
    Action.READ_REPORT:     ".      L      C       C    P        .       .",
    Action.SUBMIT_REPORT:   ".      L      .       .    .        .       .",
    Action.CHECK_REPORT:    ".      .      C       .    P        .       .",
    Action.CONSOLIDATE_REPORT: ".   .      C       .    P        .       .",
    Action.SIGN_REPORT:     ".      .      .       C    .        .       .",
    Action.REMIND_REPORT:   ".      .      C       .    P        .       .",
    Action.ASK_REPORT:      ".      .      C       .    P        .       .",
    Action.RULE_PERIOD:     ".      .      .       .    P        .       .",
    Action.PAUSE_PERIOD:    ".      .      .       C    P        .       .",
    Action.READ_PAPER:      ".      .      C       C    P        .       .",
    Action.KEEP_TEMPLATE:   ".      .      C       .    P        .       .",
}  # fmt: skip

MINE, LED, NEXT_DOOR, ELSEWHERE = 11, 12, 13, 21
HERE, THERE = 1, 2
ME, OTHER = 101, 102
PLACES = {
    "my own, in my village": Place(MINE, HERE, ME),
    "my village": Place(MINE, HERE, OTHER),
    "a village that I lead": Place(LED, HERE, OTHER),
    "the next village of my commune": Place(NEXT_DOOR, HERE, OTHER),
    "another commune": Place(ELSEWHERE, THERE, OTHER),
    "nowhere": Place(),
}
REACHED = {
    ".": set(),
    "O": {"my own, in my village"},
    "V": {"my own, in my village", "my village", "a village that I lead"},
    "L": {"a village that I lead"},
    "B": {"a village that I lead", "my own, in my village"},
    "C": {"my own, in my village", "my village", "a village that I lead", "the next village of my commune"},
    "P": set(PLACES),
}
CASES = [
    pytest.param(role, action, letter, id=f"{role}-{action}")
    for action, letters in EXPECTED.items()
    for role, letter in zip(ROLES, letters.split(), strict=True)
]


def somebody(role: Role) -> Principal:
    is_member = role in (Role.MEMBER, Role.LEADER)
    return Principal(
        role=role,
        session_id="s",
        account_id=None if is_member else 7,
        member_id=ME if is_member else None,
        commune_id=None if role in (Role.PROVINCE_OFFICER, Role.PARTNER, Role.ADMIN) else HERE,
        village_ids=frozenset({MINE, LED}) if is_member else frozenset(),
        led_village_ids=frozenset({LED}) if role == Role.LEADER else frozenset(),
    )


@pytest.mark.parametrize(("role", "action", "letter"), CASES)
def test_a_role_reaches_what_the_matrix_says_and_not_a_step_further(role: Role, action: Action, letter: str) -> None:
    who = somebody(role)
    expected = set() if letter == "O" and who.member_id is None else REACHED[letter]
    assert {name for name, place in PLACES.items() if may(who, action, place)} == expected
    assert may(who, action) == (letter != ".")


@pytest.mark.parametrize("role", ROLES)
def test_who_owes_a_second_step_can_set_it_up_and_nothing_else(role: Role) -> None:
    who = replace(somebody(role), owes_second_step=True)
    left = {action for action in Action if may(who, action)}
    assert left == {a for a in (Action.MANAGE_SESSION, Action.OWN_ACCOUNT) if role in TABLE[a]}


def test_the_matrix_speaks_of_every_action_and_role() -> None:
    assert set(EXPECTED) == set(Action) == set(TABLE)
    assert set(ROLES) == set(Role)
