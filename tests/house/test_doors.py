"""Every door of the product against a list written by hand: each API route, each state handler, what it asks for.

A door that is not on the list fails here, and so does one whose check is not where the list says. Who is refused where:
tests/scope.
"""

from collections.abc import Iterator

import httpx
import pytest
from reflex.state import BaseState, State

import fieldapp.fieldapp as composition
from fieldapp.api.app import create_api
from fieldapp.api.identity import cookie_name
from fieldapp.db import Database
from fieldapp.permissions import Action
from tests import build

PUBLIC, OWN_PAGES, SESSION = "public", "our own pages", "a session"
ID, HASH = "018f0000-0000-7000-8000-000000000000", "a" * 64
ROUTES = {
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/h/{code}"): PUBLIC,
    ("HEAD", "/h/{code}"): PUBLIC,
    ("GET", "/H/{code}"): PUBLIC,
    ("HEAD", "/H/{code}"): PUBLIC,
    ("GET", "/browser/"): PUBLIC,
    ("POST", "/api/v1/session"): OWN_PAGES,
    ("POST", "/api/v1/enrolments/preview"): OWN_PAGES,
    ("POST", "/api/v1/enrolments/join"): OWN_PAGES,
    ("GET", "/api/v1/open/summary.{kind}"): PUBLIC,
    ("GET", "/api/v1/open/platforms.{kind}"): PUBLIC,
    ("GET", "/api/v1/calendar/{secret}.ics"): PUBLIC,
    ("POST", "/api/v1/calendar"): Action.READ_REPORT,
    ("GET", "/api/v1/partners/{secret}"): PUBLIC,
    ("POST", "/api/v1/partners/link"): Action.KEEP_PARTNER,
    ("GET", "/api/v1/provider"): PUBLIC,
    ("GET", "/api/v1/provider/begin"): PUBLIC,
    ("GET", "/api/v1/provider/answer"): PUBLIC,
    ("POST", "/api/v1/account-links/preview"): OWN_PAGES,
    ("POST", "/api/v1/account-links/use"): OWN_PAGES,
    ("DELETE", "/api/v1/session"): SESSION,
    ("POST", "/api/v1/accounts/{account_id}/link"): Action.MANAGE_ACCOUNT,
    ("POST", "/api/v1/account/password"): Action.OWN_ACCOUNT,
    ("POST", "/api/v1/account/second-step"): Action.OWN_ACCOUNT,
    ("POST", "/api/v1/account/second-step/confirm"): Action.OWN_ACCOUNT,
    ("POST", "/api/v1/account/second-step/end"): Action.OWN_ACCOUNT,
    ("GET", "/api/v1/sessions"): Action.MANAGE_SESSION,
    ("DELETE", "/api/v1/sessions/{session_id}"): Action.MANAGE_SESSION,
    ("POST", "/api/v1/devices/{device_id}/end"): Action.END_PHONE,
    ("POST", "/api/v1/enrolments"): Action.INVITE_MEMBER,
    ("POST", "/api/v1/enrolments/sheets"): Action.INVITE_MEMBER,
    ("POST", "/api/v1/delegations"): Action.DELEGATE_REVIEW,
    ("DELETE", "/api/v1/delegations/{delegation}"): Action.DELEGATE_REVIEW,
    ("POST", "/api/v1/sync/push"): Action.SYNC,
    ("GET", "/api/v1/sync/pull"): Action.SYNC,
    ("POST", "/api/v1/rescues"): Action.RESCUE_RECORD,
    ("GET", "/api/v1/rescues/seal"): Action.SYNC,
    ("HEAD", "/api/v1/visits/{visit_id}/photos/{sha256}"): Action.RECORD_VISIT,
    ("PATCH", "/api/v1/visits/{visit_id}/photos/{sha256}"): Action.RECORD_VISIT,
    ("GET", "/api/v1/visits/{visit_id}/photos/{sha256}"): Action.READ_PHOTO,
    ("POST", "/api/v1/narrations"): Action.NARRATE_GUIDE,
    ("GET", "/api/v1/narrations/{narration_id}"): Action.HEAR_GUIDE,
    ("POST", "/api/v1/imports"): Action.IMPORT_ROSTER,
    ("GET", "/api/v1/imports/template/{kind}.xlsx"): Action.IMPORT_ROSTER,
    ("POST", "/api/v1/decisions"): Action.MANAGE_DECISION,
    ("GET", "/api/v1/decisions/{decision_id}/file"): Action.READ_DECISION,
    ("GET", "/api/v1/decisions/draft"): Action.MANAGE_DECISION,
    ("POST", "/api/v1/materials"): Action.KEEP_MATERIAL,
    ("GET", "/api/v1/materials/{material_id}/file"): Action.READ_MATERIAL,
    ("GET", "/api/v1/exports/register.{kind}"): Action.READ_REGISTER,
    ("GET", "/api/v1/exports/class.{kind}"): Action.READ_CLASS,
    ("GET", "/api/v1/teams/{team_id}/cards"): Action.MANAGE_TEAM,
    ("GET", "/api/v1/notices"): Action.RECEIVE_NOTICE,
    ("POST", "/api/v1/notices"): Action.RECEIVE_NOTICE,
    ("DELETE", "/api/v1/notices"): Action.RECEIVE_NOTICE,
    ("POST", "/api/v1/cards/sheets"): Action.PRINT_CARD,
    ("POST", "/api/v1/tokens"): Action.MANAGE_TOKEN,
    ("POST", "/api/v1/webhooks"): Action.MANAGE_HOOK,
    ("POST", "/api/v1/webhooks/secret"): Action.MANAGE_HOOK,
    ("GET", "/api/v1/units"): Action.READ_SUMMARY,
    ("GET", "/api/v1/exports/summary.{kind}"): Action.READ_SUMMARY,
    ("GET", "/api/v1/exports/visits.{kind}"): Action.READ_VISIT,
    ("GET", "/api/v1/exports/audit.{kind}"): Action.READ_AUDIT,
    ("GET", "/api/v1/exports/consents.{kind}"): Action.READ_RIGHTS,
    ("GET", "/api/v1/exports/household.{kind}"): Action.ANSWER_RIGHTS,
    ("GET", "/api/v1/exports/incident.{kind}"): Action.KEEP_INCIDENT,
    ("GET", "/api/v1/papers/b4.{file}"): Action.READ_REGISTER,
    ("GET", "/api/v1/papers/b5.{file}"): Action.READ_TARGET,
    ("GET", "/api/v1/papers/b6.{file}"): Action.READ_DIFFICULTY,
    ("GET", "/api/v1/papers/b7.{file}"): Action.READ_PAPER,
    ("GET", "/api/v1/papers/report.{file}"): Action.READ_REPORT,
    ("GET", "/api/v1/bundles/{bundle_id}/file"): Action.READ_REPORT,
    ("GET", "/api/v1/papers/templates/{paper}.docx"): Action.KEEP_TEMPLATE,
    ("POST", "/api/v1/papers/templates"): Action.KEEP_TEMPLATE,
}
HANDLERS = {
    "OverviewState.load": Action.READ_SUMMARY,
    "OverviewState.read_targets": Action.READ_TARGET,
    "OverviewState.look_for": Action.READ_SUMMARY,
    "OverviewState.choose_days": Action.READ_SUMMARY,
    "OverviewState.sort": Action.READ_SUMMARY,
    "OverviewState.turn": Action.READ_SUMMARY,
    "VisitsState.load": Action.READ_VISIT,
    "VisitsState.search": Action.READ_VISIT,
    "VisitsState.clear": Action.READ_VISIT,
    "VisitsState.turn": Action.READ_VISIT,
    "VisitsState.open_visit": Action.READ_VISIT,
    "VisitsState.close_visit": Action.READ_VISIT,
    "VisitsState.reopen": Action.REOPEN_VISIT,
    "SortingState.load": Action.SORT_RECORD,
    "SortingState.choose_part": Action.SORT_RECORD,
    "SortingState.accept": Action.SORT_RECORD,
    "SortingState.refuse": Action.SORT_RECORD,
    "SortingState.keep": Action.REOPEN_VISIT,
    "SortingState.reopen": Action.REOPEN_VISIT,
    "SortingState.approve_clean": Action.DECIDE_LEFT,
    "SortingState.decide": Action.DECIDE_LEFT,
    "SortingState.open_visit": Action.READ_VISIT,
    "SortingState.close_visit": Action.READ_VISIT,
    "TeamsState.load": Action.READ_TEAM,
    "TeamsState.choose_commune": Action.READ_TEAM,
    "TeamsState.show": Action.READ_TEAM,
    "TeamsState.turn": Action.READ_TEAM,
    "TeamsState.close": Action.READ_TEAM,
    "TeamsState.open_history": Action.READ_TEAM,
    "TeamsState.open_founding": Action.MANAGE_TEAM,
    "TeamsState.open_team": Action.MANAGE_TEAM,
    "TeamsState.open_place": Action.MANAGE_TEAM,
    "TeamsState.open_seat": Action.MANAGE_TEAM,
    "TeamsState.found_team": Action.MANAGE_TEAM,
    "TeamsState.found_missing": Action.MANAGE_TEAM,
    "TeamsState.change_team": Action.MANAGE_TEAM,
    "TeamsState.end_team": Action.MANAGE_TEAM,
    "TeamsState.find_member": Action.MANAGE_TEAM,
    "TeamsState.choose_member": Action.MANAGE_TEAM,
    "TeamsState.place_member": Action.MANAGE_TEAM,
    "TeamsState.change_seat": Action.MANAGE_TEAM,
    "TeamsState.end_seat": Action.MANAGE_TEAM,
    "TeamsState.give_reason": Action.MANAGE_TEAM,
    "TeamsState.take_reason_back": Action.MANAGE_TEAM,
    "TeamsState.end_phone": Action.END_PHONE,
    "TeamsState.ask_place": Action.ASK_PLACE,
    "TargetsState.load": Action.READ_TARGET,
    "TargetsState.choose_commune": Action.READ_TARGET,
    "TargetsState.choose_length": Action.READ_TARGET,
    "TargetsState.move": Action.READ_TARGET,
    "TargetsState.choose_measure": Action.READ_TARGET,
    "TargetsState.choose_line": Action.READ_TARGET,
    "TargetsState.turn": Action.READ_TARGET,
    "TargetsState.add_platform": Action.ALLOT_TARGET,
    "TargetsState.propose": Action.ALLOT_TARGET,
    "TargetsState.save": Action.ALLOT_TARGET,
    "TargetsState.cite": Action.ALLOT_TARGET,
    "TargetsState.accept": Action.ACCEPT_TARGET,
    "TargetsState.open_history": Action.READ_TARGET,
    "TargetsState.close_history": Action.READ_TARGET,
    "DecisionsState.load": Action.READ_DECISION,
    "DecisionsState.choose_commune": Action.READ_DECISION,
    "DecisionsState.turn": Action.READ_DECISION,
    "DecisionsState.close": Action.READ_DECISION,
    "DecisionsState.write": Action.MANAGE_DECISION,
    "DecisionsState.tick_all": Action.MANAGE_DECISION,
    "DecisionsState.kept": Action.MANAGE_DECISION,
    "RegisterState.load": Action.READ_REGISTER,
    "RegisterState.show": Action.READ_REGISTER,
    "RegisterState.open_commune": Action.READ_REGISTER,
    "RegisterState.turn_people": Action.READ_REGISTER,
    "RegisterState.turn": Action.READ_REGISTER,
    "RegisterState.report": Action.REPORT_REGISTER,
    "RegisterState.shape": Action.SHAPE_REGISTER,
    "DevicesState.load": Action.READ_PHONE,
    "DevicesState.search": Action.READ_PHONE,
    "DevicesState.clear": Action.READ_PHONE,
    "DevicesState.turn": Action.READ_PHONE,
    "DevicesState.end_phone": Action.END_PHONE,
    "TasksState.assign": Action.ASSIGN_TASK,
    "TasksState.withdraw": Action.ASSIGN_TASK,
    "TasksState.mark": Action.MARK_TASK,
    "ReportsState.load": Action.READ_REPORT,
    "ReportsState.approve_clean": Action.CHECK_REPORT,
    "ReportsState.remind": Action.REMIND_REPORT,
    "ReportsState.copied": Action.REMIND_REPORT,
    "ReportsState.consolidate": Action.CONSOLIDATE_REPORT,
    "PeriodsState.rule": Action.RULE_PERIOD,
    "CardsState.load": Action.PRINT_CARD,
    "CardsState.choose_commune": Action.PRINT_CARD,
    "SearchState.load": Action.SEARCH,
    "SearchState.find": Action.SEARCH,
    "SearchState.typed": Action.SEARCH,
    "UnitsState.load": Action.READ_UNIT,
    "UnitsState.choose_commune": Action.READ_UNIT,
    "UnitsState.turn": Action.READ_UNIT,
    "UnitsState.open_village": Action.READ_UNIT,
    "UnitsState.close_village": Action.READ_UNIT,
    "UnitsState.add": Action.MANAGE_UNIT,
    "UnitsState.rename": Action.MANAGE_UNIT,
    "UnitsState.stop": Action.MANAGE_UNIT,
    "UnitsState.declare": Action.MANAGE_UNIT,
    "UnitsState.look": Action.MANAGE_UNIT,
    "UnitsState.merge": Action.MANAGE_UNIT,
    "UnitsState.back": Action.MANAGE_UNIT,
    "PercentagesState.load": Action.READ_PERCENTAGE,
    "PercentagesState.choose_platform": Action.READ_PERCENTAGE,
    "PercentagesState.turn": Action.READ_PERCENTAGE,
    **{
        f"PartnersState.{name}": Action.READ_PARTNER
        for name in ("load", "search", "clear", "turn", "open_one", "close")
    },
    **{f"PartnersState.{name}": Action.KEEP_PARTNER for name in ("begin", "save", "shared", "unshare")},
    **{
        f"HouseholdsState.{name}": Action.READ_HOUSEHOLD
        for name in ("load", "search", "choose_village", "show", "turn")
    },
    **{f"HouseholdsState.{name}": Action.READ_HOUSEHOLD for name in ("open_home", "close_home", "printed")},
    **{f"HouseholdsState.{name}": Action.KEEP_HOUSEHOLD for name in ("add", "change", "move", "come_back", "merge")},
    "HouseholdsState.revoke_card": Action.REVOKE_CARD,
    **{f"RosterState.{name}": Action.IMPORT_ROSTER for name in ("load", "brought", "open_list", "close_list")},
    **{f"RosterState.{name}": Action.IMPORT_ROSTER for name in ("choose_part", "turn", "apply", "discard", "undo")},
    **{f"AnnouncementsState.{name}": Action.READ_ANNOUNCEMENT for name in ("load", "choose_part", "turn")},
    **{f"AnnouncementsState.{name}": Action.READ_ANNOUNCEMENT for name in ("open_one", "close")},
    **{f"AnnouncementsState.{name}": Action.WRITE_ANNOUNCEMENT for name in ("send", "withdraw")},
    **{f"MaterialsState.{name}": Action.READ_MATERIAL for name in ("load", "choose_kind", "search", "turn")},
    **{f"MaterialsState.{name}": Action.READ_MATERIAL for name in ("open_one", "close")},
    **{
        f"MaterialsState.{name}": Action.KEEP_MATERIAL for name in ("write", "kept", "withdraw", "pass_on", "give_back")
    },
    **{f"MaterialsState.{name}": Action.KEEP_MATERIAL for name in ("keep_link", "flag_link")},
    **{f"MaterialsState.{name}": Action.APPROVE_PRACTICE for name in ("approve", "send_back")},
    "ContactsState.load": Action.READ_CONTACT,
    **{f"ContactsState.{name}": Action.KEEP_CONTACT for name in ("change", "keep", "discard", "keep_group")},
    "GuidesState.load": Action.NARRATE_GUIDE,
    "GuidesState.remove": Action.NARRATE_GUIDE,
    "ConnectionsState.load": Action.MANAGE_TOKEN,
    "ConnectionsState.end_token": Action.MANAGE_TOKEN,
    "ConnectionsState.turn": Action.MANAGE_HOOK,
    "ConnectionsState.open": Action.MANAGE_HOOK,
    "ConnectionsState.close": Action.MANAGE_HOOK,
    "ConnectionsState.remove": Action.MANAGE_HOOK,
    "ConnectionsState.replay": Action.MANAGE_HOOK,
    "OwnAccountState.load": Action.OWN_ACCOUNT,
    "AuditState.load": Action.READ_AUDIT,
    "AuditState.search": Action.READ_AUDIT,
    "AuditState.clear": Action.READ_AUDIT,
    "AuditState.turn": Action.READ_AUDIT,
    "DifficultiesState.load": Action.READ_DIFFICULTY,
    "DifficultiesState.search": Action.READ_DIFFICULTY,
    "DifficultiesState.clear": Action.READ_DIFFICULTY,
    "DifficultiesState.choose_view": Action.READ_DIFFICULTY,
    "DifficultiesState.turn": Action.READ_DIFFICULTY,
    "DifficultiesState.open_one": Action.READ_DIFFICULTY,
    "DifficultiesState.close_one": Action.READ_DIFFICULTY,
    "DifficultiesState.choose_deed": Action.DIRECT_DIFFICULTY,
    "DifficultiesState.act": Action.DIRECT_DIFFICULTY,
    "CalendarState.load": Action.KEEP_CALENDAR,
    "CalendarState.decide": Action.KEEP_CALENDAR,
    "CalendarState.forget": Action.KEEP_CALENDAR,
    "RightsState.load": Action.READ_RIGHTS,
    "RightsState.choose_part": Action.READ_RIGHTS,
    "RightsState.show_all": Action.READ_RIGHTS,
    "RightsState.turn": Action.READ_RIGHTS,
    "RightsState.turn_consents": Action.READ_RIGHTS,
    "RightsState.open_one": Action.READ_RIGHTS,
    "RightsState.close_one": Action.READ_RIGHTS,
    "RightsState.take_in": Action.ANSWER_RIGHTS,
    "RightsState.answer": Action.ANSWER_RIGHTS,
    "RightsState.finish": Action.ANSWER_RIGHTS,
    "RightsState.erase_photo": Action.ANSWER_RIGHTS,
    "RightsState.erase": Action.ANSWER_RIGHTS,
    "ActivitiesState.load": Action.READ_ACTIVITY,
    "ActivitiesState.choose_part": Action.READ_ACTIVITY,
    "ActivitiesState.search": Action.READ_ACTIVITY,
    "ActivitiesState.clear": Action.READ_ACTIVITY,
    "ActivitiesState.turn": Action.READ_ACTIVITY,
    "IncidentsState.load": Action.KEEP_INCIDENT,
    "IncidentsState.save": Action.KEEP_INCIDENT,
    "IncidentsState.mark": Action.KEEP_INCIDENT,
    "IncidentsState.end_sessions": Action.KEEP_INCIDENT,
    "SessionsState.load": Action.MANAGE_SESSION,
    "SessionsState.end": Action.MANAGE_SESSION,
}


def of_page(state: str, action: Action, names: str) -> dict[str, Action]:
    """The handlers of a page that ask for the same."""
    return {f"{state}.{name}": action for name in names.split()}


HANDLERS |= of_page("TasksState", Action.READ_TASK, "load choose_part choose_standing turn")
HANDLERS |= of_page("PeriodsState", Action.PAUSE_PERIOD, "pause lift")
HANDLERS |= of_page("PeriodsState", Action.READ_REPORT, "load shared unshare")
HANDLERS |= of_page("PeriodsState", Action.ASK_REPORT, "ask cancel")
HANDLERS |= of_page("ReportsState", Action.READ_REPORT, "bundle look approve send_back")
HANDLERS |= of_page("ReportsState", Action.READ_REPORT, "choose_period choose_state choose_region turn open close")
HANDLERS |= of_page("PlatformsState", Action.READ_PLATFORM, "load choose_part close")
HANDLERS |= of_page("PlatformsState", Action.KEEP_PLATFORM, "open_new open_one keep move retire restore")
HANDLERS |= of_page("PlatformsState", Action.KEEP_PLATFORM, "keep_step move_step use_step")
HANDLERS |= of_page("IndicatorsState", Action.READ_REPORT, "load choose_part close")
HANDLERS |= of_page("IndicatorsState", Action.KEEP_INDICATOR, "open_new open_one add rename move use")
HANDLERS |= of_page("AccountsState", Action.MANAGE_ACCOUNT, "make change block unblock drop_second_step discard")
HANDLERS |= of_page("AccountsState", Action.MANAGE_ACCOUNT, "load search clear turn open_account close_account")
HANDLERS |= of_page("ClassesState", Action.READ_CLASS, "load choose_part turn turn_taught close open_roster")
HANDLERS |= of_page("ClassesState", Action.READ_CLASS, "choose_commune choose_team turn_roster")
HANDLERS |= of_page("ClassesState", Action.KEEP_CLASS, "open_form keep withdraw note note_all")
HANDLERS |= of_page("TeamsState", Action.MANAGE_TEAM, "open_skills keep_skills")
HANDLERS |= of_page("PapersState", Action.READ_PAPER, "load choose_commune choose_length choose_measure move close")
HANDLERS |= of_page("PapersState", Action.KEEP_TEMPLATE, "open_template kept forget")
REFLEX_OWN = {"setvar", "hydrate", "set_is_hydrated", "hydrate_and_load", "update_vars_internal", "on_load_internal"}
FRAME = {"State", "UpdateVarsInternalState", "FrontendEventExceptionState", "OnLoadInternalState"}
BODIES = {
    "/api/v1/devices/{device_id}/end": {"state": "closing"},
    "/api/v1/enrolments": {"member": 1},
    "/api/v1/enrolments/sheets": {"team": 1},
    "/api/v1/delegations": {"member": 1, "first": "2026-01-01", "last": "2026-01-02"},
    "/api/v1/sync/push": {"records": [], "device_time": 0},
    "/api/v1/cards/sheets": {"village": 1, "kind": "known"},
    "/api/v1/tokens": {"name": "Sở", "scopes": ["summary.read"], "days": 30},
    "/api/v1/webhooks": {"unit": 1, "address": "https://example.com/x", "topics": ["visits"]},
    "/api/v1/webhooks/secret": {"webhook": ID},
    "/api/v1/account/password": {"old": "o" * 12, "new": "n" * 12},
    "/api/v1/account/second-step": {"password": "p"},
    "/api/v1/account/second-step/confirm": {"code": "123456"},
    "/api/v1/account/second-step/end": {"password": "p"},
    "/api/v1/notices": {"endpoint": "https://push.example.com/x", "p256dh": "A" * 87, "auth": "A" * 22},
}


def routes() -> set[tuple[str, str]]:
    paths = create_api().openapi()["paths"]
    shown = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    return shown | {(m, p) for m, p in ROUTES if p.lower().startswith(("/h/", "/browser"))}


def states(parent: type[BaseState] = State) -> Iterator[type[BaseState]]:
    for state in parent.get_substates():
        yield state
        yield from states(state)


def handlers() -> dict[str, object]:
    """Every event handler of ours by name, with the action that its guard asks for (None: unguarded)."""
    return {
        f"{state.__name__}.{name}": getattr(handler.fn, "action", None)
        for state in states()
        if state.__module__.startswith("fieldapp.")
        for name, handler in state.event_handlers.items()
        if name not in REFLEX_OWN
    }


def test_every_route_is_on_the_list() -> None:
    assert routes() == set(ROUTES)


def test_every_state_handler_asks_for_what_the_list_says() -> None:
    assert handlers() == HANDLERS


def test_beside_ours_stand_only_the_doors_that_reflex_needs() -> None:
    assert {route.path for route in composition.app._api.routes} == {"/ping", "/_health", "/_event"}  # type: ignore
    frame = {state.__name__ for state in states() if state.__module__ == "reflex.state"}
    assert frame | {"State"} == FRAME


def address(path: str) -> str:
    given = {
        "visit_id": ID,
        "sha256": HASH,
        "session_id": ID,
        "device_id": ID,
        "delegation": 1,
        "narration_id": ID,
        "account_id": 1,
        "decision_id": 1,
        "material_id": 1,
        "bundle_id": 1,
        "secret": "x",
        "kind": "csv",
        "file": "docx",
        "paper": "b2",
        "code": "X",
    }
    return path.replace("{kind}.xlsx", "members.xlsx").format(**given)


@pytest.mark.parametrize("method_path", [r for r in ROUTES if r[0] not in ("GET", "HEAD")])
async def test_a_write_from_another_site_is_refused(
    client: httpx.AsyncClient, db: Database, method_path: tuple[str, str]
) -> None:
    world = await build.world(db)
    client.cookies.set(cookie_name("p0"), await build.sign_in(db, world.leader))
    method, path = method_path
    body = BODIES.get(path) or {"username": "a", "password": "b", "token": "t" * 30, "device": ID}
    answer = await client.request(method, address(path), json=body, headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert answer.json()["problem"]["code"] == "wrong_origin"
