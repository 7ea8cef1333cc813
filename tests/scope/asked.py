"""What strangers ask: a request for every route, arguments for every handler, all about a village that is not theirs.

A route or a handler that is not here fails `test_nobody_sees.py`.
"""

from datetime import timedelta
from typing import Any

from models.member import Member
from tests import build
from tests.house.test_doors import BODIES
from tests.papers_pdf import pdf
from tests.recordings import mp3
from tests.scope.land import HINT, PICTURE, TODAY, VILLAGE, Land

API = "/api/v1"
DAY, YESTERDAY = TODAY.isoformat(), (TODAY - timedelta(days=1)).isoformat()
DAYS = ("village_days", "commune_days", "province_days")
Route = tuple[str, str]


def requests(land: Land, who: Member | None) -> dict[Route, dict[str, Any]]:
    """What httpx is given for each route; `who` signs the records of a push."""
    ids, days = land.ids, {"first": YESTERDAY, "last": DAY}
    unit, village = {"unit": ids["commune"]}, {"village": ids["village"]}
    file = {"file": ("x.csv", "Thôn,Số hộ\nThôn Lạ,1\n".encode(), "text/csv")}
    paper = {"decision": ids["decision"], "number": "1", "issued_on": DAY, "effective_on": DAY, "signer": "A"}
    paper |= {"summary": "A", f"tick_{ids['team']}": "on"}
    shown = ("healthz", "readyz", "h/{code}", "H/{code}", "browser/")
    plain: dict[Route, dict[str, Any]] = {("GET", f"/{path}"): {} for path in shown}
    plain |= {("HEAD", "/h/{code}"): {}, ("HEAD", "/H/{code}"): {}}
    plain |= {("GET", f"{API}/{path}"): {} for path in ("provider", "provider/begin", "provider/answer")}
    plain |= {("GET", f"{API}/open/{name}.{{kind}}"): {} for name in ("summary", "platforms")}
    return plain | {
        ("POST", f"{API}/session"): {"json": {"username": "nobody", "password": "guessed password"}},
        ("DELETE", f"{API}/session"): {},
        ("POST", f"{API}/enrolments/preview"): {"json": {"token": "t" * 43}},
        ("POST", f"{API}/enrolments/join"): {"json": {"token": "t" * 43, "device": ids["device_id"]}},
        ("POST", f"{API}/account-links/preview"): {"json": {"token": "t" * 43}},
        ("POST", f"{API}/account-links/use"): {"json": {"token": "t" * 43, "password": "x" * 12}},
        ("POST", f"{API}/accounts/{{account_id}}/link"): {},
        **{("POST", path): {"json": BODIES[path]} for path in BODIES if path.startswith(f"{API}/account/")},
        ("GET", f"{API}/sessions"): {},
        ("DELETE", f"{API}/sessions/{{session_id}}"): {},
        ("POST", f"{API}/devices/{{device_id}}/end"): {"json": {"state": "closed"}},
        ("POST", f"{API}/enrolments"): {"json": {"member": ids["member"]}},
        ("POST", f"{API}/enrolments/sheets"): {"json": {"team": ids["team"]}},
        ("POST", f"{API}/delegations"): {"json": {"member": ids["member"], "first": DAY, "last": DAY}},
        ("DELETE", f"{API}/delegations/{{delegation}}"): {},
        ("POST", f"{API}/sync/push"): {"json": build.push_body(*_records(land, who))},
        ("GET", f"{API}/sync/pull"): {"params": {"cursor": ""}},
        ("POST", f"{API}/rescues"): {"files": {"file": ("x.toso", b"{}", "application/octet-stream")}},
        ("GET", f"{API}/rescues/seal"): {},
        ("HEAD", f"{API}/visits/{{visit_id}}/photos/{{sha256}}"): {},
        ("PATCH", f"{API}/visits/{{visit_id}}/photos/{{sha256}}"): {
            "content": PICTURE, "headers": {"upload-offset": "0"},
        },
        ("GET", f"{API}/visits/{{visit_id}}/photos/{{sha256}}"): {},
        ("POST", f"{API}/narrations"): {
            "data": {"platform": "VNEID", "title": "Của tôi"}, "files": {"file": ("x.mp3", mp3(), "audio/mpeg")},
        },
        ("GET", f"{API}/narrations/{{narration_id}}"): {},
        ("POST", f"{API}/imports"): {"data": {"kind": "households"}, "files": file},
        ("GET", f"{API}/imports/template/{{kind}}.xlsx"): {},
        ("POST", f"{API}/decisions"): {"data": paper, "files": {"file": ("x.pdf", pdf(), "application/pdf")}},
        ("GET", f"{API}/decisions/{{decision_id}}/file"): {},
        ("GET", f"{API}/decisions/draft"): {"params": {"level": "village"}},
        ("POST", f"{API}/materials"): {
            "data": {"material": ids["material"], "kind": "practice", "title": "A", "text": "A"},
            "files": {"file": ("x.pdf", pdf(), "application/pdf")},
        },
        ("GET", f"{API}/materials/{{material_id}}/file"): {},
        ("GET", f"{API}/teams/{{team_id}}/cards"): {},
        ("GET", f"{API}/notices"): {},
        ("POST", f"{API}/notices"): {"json": BODIES[f"{API}/notices"]},
        ("DELETE", f"{API}/notices"): {},
        ("POST", f"{API}/cards/sheets"): {"json": village | {"kind": "known", "household": ids["household"]}},
        ("POST", f"{API}/tokens"): {"json": {"name": "Sở", "scopes": ["summary.read"], "days": 30}},
        ("POST", f"{API}/webhooks"): {"json": unit | {"address": "https://example.com/x", "topics": ["visits"]}},
        ("POST", f"{API}/webhooks/secret"): {"json": {"webhook": ids["webhook"]}},
        ("GET", f"{API}/units"): {"params": unit},
        ("GET", f"{API}/exports/summary.{{kind}}"): {"params": unit | days},
        ("GET", f"{API}/exports/visits.{{kind}}"): {"params": village | {"query": HINT}},
        ("GET", f"{API}/exports/audit.{{kind}}"): {"params": unit},
        ("GET", f"{API}/exports/consents.{{kind}}"): {"params": unit},
        ("GET", f"{API}/exports/register.{{kind}}"): {"params": unit},
        ("GET", f"{API}/exports/class.{{kind}}"): {"params": {"training": ids["training"]}},
        ("GET", f"{API}/exports/household.{{kind}}"): {"params": {"request": ids["request"]}},
        ("GET", f"{API}/exports/incident.{{kind}}"): {"params": {"incident": ids["incident"]}},
        ("GET", f"{API}/papers/b4.{{file}}"): {"params": {"commune": ids["commune"]}},
        ("GET", f"{API}/papers/b5.{{file}}"): {
            "params": days | {"measure": "household", "commune": ids["commune"]}
        },
        ("GET", f"{API}/papers/b6.{{file}}"): {"params": days},
        ("GET", f"{API}/papers/b7.{{file}}"): {},
        ("GET", f"{API}/papers/report.{{file}}"): {"params": {"report": ids["report"]}},
        ("GET", f"{API}/bundles/{{bundle_id}}/file"): {},
        ("GET", f"{API}/calendar/{{secret}}.ics"): {},
        ("POST", f"{API}/calendar"): {},
        ("GET", f"{API}/partners/{{secret}}"): {},
        ("POST", f"{API}/partners/link"): {"json": {"partner": ids["partner"], "days": 9}},
        ("GET", f"{API}/papers/templates/{{paper}}.docx"): {},
        ("POST", f"{API}/papers/templates"): {"data": {"kind": "b4"}, "files": {"file": ("x.docx", b"PK", "x")}},
    }  # fmt: skip


def _records(land: Land, who: Member | None) -> list[dict[str, Any]]:
    """Records about the village's things, as somebody might sign them who never served there."""
    author, ids = who or land.leader, land.ids
    place, home = {"village": ids["village"]}, {"household": ids["household"]}
    outcomes = {"outcomes": [{"platform": "VNEID", "result": "installed"}]}
    visit = {**home, **outcomes, "mode": "home", "beneficiary": "person", "people": 1, "identified_by": "list"}
    group = {"households": 1, "counted_on": DAY, "name": "Nhóm", "link": "https://zalo.me/g/x", "manager": "other"}
    decided = {"visits": [{"visit": ids["visit"], "flags": []}], "verdict": "approve"}
    said = {
        "visit.create": visit,
        "visit.replace": visit,
        "visit.withdraw": {"visit": ids["visit"]},
        "review.decide": decided,
        "card.bind": home | {"card": ids["card_code"]},
        "household.confirm": home | {"verdict": "confirm"},
        "group.update": place | group,
        "log.comment": place | {"member": ids["member"], "day": DAY, "text": "Xem lại"},
        "activity.withdraw": {"activity": ids["activity"]},
        "activity.create": place | {"kind": "talk", "people": 1, "platforms": [], "note": ""},
        "difficulty.create": place | {"kind": "signal", "severity": "high", "description": "x"},
        "target.accept": {"team": ids["team"], "target": ids["target"], "amount": 40},
        "report.submit": {"team": ids["team"], **place, "period": ids["period"], "number": 2, "manual": {"03": 1}},
        "task.mark": {"task": ids["task"], "state": "done", "note": ""},
    }
    outer = {"visit.replace": {"replaces": ids["visit"]}}
    return [build.record(kind, author, payload, **outer.get(kind, {})) for kind, payload in said.items()]


ANSWER_WITH_OWN = {
    ("DELETE", f"{API}/session"), ("GET", f"{API}/sessions"), ("POST", f"{API}/sync/push"), ("GET", f"{API}/sync/pull"),
    ("POST", f"{API}/rescues"), ("GET", f"{API}/rescues/seal"), ("POST", f"{API}/narrations"),
    ("POST", f"{API}/imports"),
    ("GET", f"{API}/imports/template/{{kind}}.xlsx"), ("GET", f"{API}/decisions/draft"), ("GET", f"{API}/notices"),
    ("POST", f"{API}/notices"), ("DELETE", f"{API}/notices"), ("POST", f"{API}/tokens"), ("POST", f"{API}/calendar"),
    ("GET", f"{API}/units"),
    *(("POST", path) for path in BODIES if path.startswith(f"{API}/account/")),
    *(("GET", f"{API}/papers/{name}.{{file}}") for name in ("b6", "b7")),
    ("GET", f"{API}/papers/templates/{{paper}}.docx"), ("POST", f"{API}/papers/templates"),
    *(("GET", f"{API}/exports/{name}.{{kind}}") for name in ("visits", "audit", "consents", "register")),
}  # fmt: skip
"""Routes that name nothing foreign, or take what is foreign for a filter: whoever may use them is told of their own."""

OF_THE_COMMUNE = {("GET", f"{API}/narrations/{{narration_id}}")}
"""What those of another village of the same commune may have."""


def ways(land: Land, route: Route) -> list[dict[str, Any]]:
    """What its path is filled with: a table in both kinds of file, a photo of each kind of record that has any."""
    if route[1].startswith(f"{API}/exports/"):
        return [{"kind": "csv"}, {"kind": "xlsx"}]
    if route[1].endswith(".{file}"):
        return [{"file": "docx"}, {"file": "xlsx"}]
    if route == ("GET", f"{API}/visits/{{visit_id}}/photos/{{sha256}}"):
        return [{"visit_id": land.ids[record]} for record in ("visit", "activity", "difficulty")]
    return [{}]


def filled(path: str, land: Land, way: dict[str, Any]) -> str:
    return path.replace("{kind}.xlsx", "households.xlsx").format(
        **{**land.ids, "kind": "csv", "file": "docx", "paper": "b4", "secret": "t" * 43, **way}
    )


def arguments(land: Land) -> dict[str, dict[str, Any]]:
    """By handler what its arguments are, where their names alone do not say it (`by_name`)."""
    ids = {name: str(value) for name, value in land.ids.items()}
    home, ticks = {"household": ids["household"]}, {f"tick_{ids['village']}": "on"}
    seat = {"name": "A", "phone": "", "role": "member", "kind": "other", "position": ""}
    named = {"name": "Thôn Mới", "division": "thon", "on": DAY, "decision": ""}
    return {
        "AccountsState.search": {"form": {"query": HINT}},
        "AccountsState.make": {"form": {"username": "moi.1", "full_name": "A", "role": "admin"}},
        "AccountsState.change": {"form": {"account": ids["account"], "full_name": "A", "role": "commune_officer"}},
        "ActivitiesState.choose_part": {"part": "comments"},
        "ActivitiesState.search": {"form": {"village": ids["village"]}},
        "AuditState.search": {"form": {"unit": ids["commune"]}},
        "CalendarState.decide": {"given": {"day": DAY, "working": "true", "commune": ids["commune"]}},
        "CalendarState.forget": {"unit": land.ids["commune"], "day": DAY},
        "AnnouncementsState.choose_part": {"part": "given"},
        "AnnouncementsState.send": {"form": {"title": "A", "text": "A", f"tick_{ids['commune']}": "on"}},
        "ClassesState.choose_part": {"part": "classes"},
        "ClassesState.choose_team": {"team": ids["team"]},
        "ClassesState.keep": {"form": {"training": ids["training"], "topic": "A", "held_on": DAY}},
        "ClassesState.note": {"form": {f"tick_{ids['member']}": "on"}},
        "ContactsState.keep": {
            "form": {"contact": ids["contact"], "kind": "other", "name": "A", "phone": "0900777124"}
        },
        "ContactsState.keep_group": {
            "form": {"name": "A", "leaders": "1", "teams": "1", "companies": "0", "counted_on": DAY}
        },
        "ConnectionsState.turn": {"webhook": ids["webhook"], "state": "paused"},
        "DecisionsState.kept": {"answer": {"id": land.ids["decision"], "number": "1", "teams": 1, "warnings": 0}},
        "DevicesState.search": {"form": {"query": HINT}},
        "DifficultiesState.search": {"form": {"query": HINT, "village": ids["village"]}},
        "DifficultiesState.act": {
            "form": {"difficulty": ids["difficulty"], "deed": "comment", "seen": ids["step"], "words": "x"}
        },
        "HouseholdsState.add": {"form": {"village": ids["village"], "number": "99", "head_name": "A"}},
        "HouseholdsState.change": {"form": home | {"number": "99", "head_name": "A"}},
        "HouseholdsState.move": {"form": home | {"moved_on": DAY}},
        "HouseholdsState.merge": {"form": home | {"into": VILLAGE + "8"}},
        "HouseholdsState.show": {"shown": "all"},
        "HouseholdsState.search": {"query": HINT},
        "IncidentsState.save": {"given": {"incident": ids["incident"], "found_at": f"{YESTERDAY}T08:00", "what": "x"}},
        "IncidentsState.mark": {"incident": land.ids["incident"], "step": "closed"},
        "IncidentsState.end_sessions": {"incident": land.ids["incident"], "state": "closed"},
        "MaterialsState.choose_kind": {"kind": "practice"},
        "MaterialsState.search": {"form": {"query": HINT}},
        "MaterialsState.kept": {"answer": {"id": ids["material"], "kind": "practice", "state": "waiting"}},
        "MaterialsState.send_back": {"form": {"reason": "x"}},
        "MaterialsState.give_back": {"form": {"reason": "x"}},
        "MaterialsState.keep_link": {"form": {"material": ids["material"], "title": "x", "url": "https://x.example/"}},
        "MaterialsState.flag_link": {"material": ids["material"], "dead": True},
        "OverviewState.choose_days": {"form": {"first": YESTERDAY, "last": DAY}},
        "OverviewState.sort": {"by": "name"},
        "OverviewState.look_for": {"form": {"find": HINT}},
        "PartnersState.search": {"form": {"query": HINT}},
        "PartnersState.save": {
            "form": {
                "partner": ids["partner"], "name": "A", "kind": "bank", "active_from": DAY, "platform_VNEID": "on",
                f"tick_{ids['commune']}": "on",
            },
        },
        "PercentagesState.choose_platform": {"platform": "DVC"},
        "IndicatorsState.choose_part": {"part": "used"},
        "IndicatorsState.open_one": {"code": "08"},
        "IndicatorsState.move": {"code": "08", "way": "up"},
        "IndicatorsState.use": {"code": "08", "used": False},
        "IndicatorsState.rename": {"form": {"code": "08", "name_vi": "A", "short_vi": "A"}},
        "IndicatorsState.add": {
            "form": {
                "section": "common", "source": "manual", "unit": "support", "name_vi": "A", "short_vi": "A",
                "first": "2099-01-01",
            },
        },
        "PlatformsState.choose_part": {"part": "used"},
        "PlatformsState.keep": {"form": {"platform": "VNEID", "name_vi": "A", "short_vi": "A", "pillar": "society"}},
        "PlatformsState.keep_step": {"form": {"platform": "VNEID", "name_vi": "A"}},
        "PlatformsState.move": {"way": "up"},
        "PlatformsState.move_step": {"way": "up"},
        "RegisterState.show": {"which": "all"},
        "RegisterState.shape": {"form": {}},
        "RightsState.choose_part": {"part": "consents"},
        "RightsState.take_in": {
            "form": {
                "kind": "erase", "received_on": DAY, "asked": "x", "village": ids["village"], "number": ids["number"],
            },
        },
        **{f"RightsState.{deed}": {"form": {"request": ids["request"], "words": "x"}} for deed in ("answer", "finish")},
        "RightsState.erase_photo": {
            "form": {"request": ids["request"], "record": ids["visit"], "sha256": ids["sha256"]}
        },
        "RightsState.erase": {"form": {"request": ids["request"], "number": ids["number"]}},
        "RosterState.brought": {"answer": {"id": ids["list_id"]}},
        "RosterState.choose_part": {"part": "all"},
        "RosterState.apply": {"form": {"list": ids["list_id"], "twins": "update"}},
        "SearchState.find": {"form": {"query": HINT}},
        "SearchState.typed": {"query": HINT},
        "SortingState.choose_part": {"part": "left"},
        "SortingState.accept": {"form": {"record": ids["record"], "team": ids["team"]}},
        "SortingState.refuse": {"form": {"record": ids["record"], "reason": "x"}},
        "SortingState.decide": {"form": {ids["visit"]: "on", "verdict": "approve", "reason": ""}},
        "SortingState.reopen": {"form": {"visit": ids["decided"], "reason": "x"}},
        "VisitsState.reopen": {"form": {"visit": ids["decided"], "reason": "x"}},
        "TargetsState.move": {"by": 1},
        "PapersState.move": {"by": 1},
        "PapersState.kept": {"answer": {}},
        "TargetsState.add_platform": {"form": {"platform": "VNEID"}},
        "TargetsState.cite": {"form": {"paper": ids["material"]}},
        "TargetsState.save": {"form": {f"n_{ids['team']}_VNEID": "9", "reason": "x"}},
        "TasksState.choose_part": {"part": "own"},
        "TasksState.assign": {"form": {"text": "x", "due_on": DAY, "to": ids["team"]}},
        "TasksState.mark": {"form": {"task": ids["own_task"], "state": "done", "note": ""}},
        "ReportsState.choose_state": {"only": "waiting"},
        "ReportsState.send_back": {"form": {"report": ids["report"], "reason": "x"}},
        "ReportsState.consolidate": {"form": {"plan": "x"}},
        "ReportsState.bundle": {"file": "docx"},
        "PeriodsState.rule": {"form": {"kind": "month", "month_style": "data", **dict.fromkeys(DAYS, "2")}},
        "PeriodsState.ask": {"form": {"title": "x", "first_day": YESTERDAY, "last_day": DAY, "due_on": DAY}},
        "PeriodsState.pause": {
            "form": {"commune": ids["commune"], "first_day": DAY, "last_day": DAY, "reason": "x"}
        },
        "TeamsState.show": {"which": "all"},
        "TeamsState.found_team": {"form": {"name": "Tổ mới", "level": "village", "first": DAY} | ticks},
        "TeamsState.found_missing": {"form": {"first": DAY}},
        "TeamsState.keep_skills": {"form": {"member": ids["member"], "platform_VNEID": "on"}},
        "TeamsState.change_team": {
            "form": {"team": ids["team"], "name": "Tổ", "level": "village", "first": DAY} | ticks
        },
        "TeamsState.end_team": {"form": {"id": ids["team"], "last": DAY}},
        "TeamsState.find_member": {"form": {"words": HINT}},
        "TeamsState.place_member": {"form": {"team": ids["team"], "member": ids["member"], "first": DAY} | seat},
        "TeamsState.change_seat": {"form": {"seat": ids["seat"]} | seat},
        "TeamsState.end_seat": {"form": {"id": ids["seat"], "last": DAY}},
        "TeamsState.give_reason": {"form": {"team": ids["team"], "shortfall": "police", "reason": "x"}},
        "UnitsState.add": {"form": {"commune": ids["commune"]} | named},
        "UnitsState.rename": {"form": {"village": ids["village"]} | named},
        "UnitsState.declare": {"form": {"village": ids["village"], "households": "9"}},
        "UnitsState.stop": {"form": {"village": ids["village"], "on": DAY}},
        "UnitsState.look": {"form": {ids["village"]: "on", ids["own_village"]: "on"} | named},
        "UnitsState.merge": {"form": {ids["team"]: "on"} | named},
        "VisitsState.search": {"form": {"village": ids["village"], "query": HINT}},
    }  # fmt: skip


def by_name(land: Land) -> dict[str, Any]:
    """What an argument of this name is, whatever the handler."""
    guessed = {
        name: land.ids[name]
        for name in (
            "account", "announcement", "card", "commune", "contact", "decision", "difficulty", "household", "list_id",
            "material", "member", "narration", "partner", "pause", "period", "phone", "report", "request", "seat",
            "session_id", "task", "team",
            "token", "training", "unit_id", "village", "visit_id", "webhook",
        )
    }  # fmt: skip
    plain = {
        "page": 0, "way": "closed", "delivery": None, "view": "open", "deed": "comment", "length": "quarter",
        "measure": "household", "own": False, "only": "open", "shortfall": "police", "asks": True, "all_of_them": True,
        "name": "x", "region": "east", "holder": land.ids["team"], "code": "VNEID", "step": "install", "used": False,
        "paper": "b7",
    }  # fmt: skip
    return guessed | plain


ANSWER_ALL_THE_SAME = {
    "OverviewState.choose_days", "TargetsState.move", "PapersState.move", "MaterialsState.kept", "ContactsState.change",
    "OverviewState.look_for",
    # What is one's own, whatever commune is named.
    *(f"{page}State.choose_commune" for page in ("Cards", "Decisions", "Papers", "Targets", "Teams", "Units")),
    "RegisterState.open_commune", "ClassesState.choose_commune", "TeamsState.found_missing", "AnnouncementsState.send",
    "ContactsState.keep_group", "ClassesState.choose_team",
    # What is foreign is a filter that finds nothing, or is looked for among what the page shows.
    *(f"{page}.search" for page in ("ActivitiesState", "AuditState", "DevicesState", "DifficultiesState")),
    *(f"{page}.search" for page in ("HouseholdsState", "PartnersState", "VisitsState")),
    "HouseholdsState.choose_village", "SearchState.find", "SearchState.typed", "TeamsState.find_member",
    "TeamsState.open_team", "TeamsState.open_place", "TeamsState.open_seat", "TeamsState.open_history",
    "TeamsState.choose_member", "TargetsState.save", "TargetsState.open_history", "DecisionsState.kept",
    "ReportsState.choose_period", "ReportsState.remind", "ReportsState.approve_clean", "ReportsState.consolidate",
    "ReportsState.bundle", "ReportsState.look",
    "PeriodsState.ask", "PeriodsState.pause", "PeriodsState.shared", "PeriodsState.unshare", "ReportsState.copied",
    "TeamsState.ask_place", "SortingState.decide", "UnitsState.look", "UnitsState.merge",
}  # fmt: skip
"""Handlers that need not refuse what is foreign; what they show is looked at as everywhere."""
