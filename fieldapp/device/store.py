"""The phone's world as Python sees it: typed slices to read, actions to call. No server code.

A slice is a React hook over the store in `store.js`; whatever uses it draws again when it changes, with the
network off and the server gone. An action is a plain function of the page: it never goes through the socket.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, cast

import reflex as rx
from reflex.event import EventChain
from reflex.vars import FunctionVar, Var, VarData

from fieldapp.device import (
    guide_slices,
    log_slices,
    period_slices,
    reading_slices,
    report_slices,
    room_slices,
    slices,
    target_slices,
    work_slices,
)

_FILES = sorted(p.name for p in Path(__file__).parent.iterdir() if p.suffix in (".js", ".css") and p.name != "sw.js")
_SERVING = "__REFLEX_SKIP_COMPILE" in os.environ
"""A process that only serves has a built site: putting files into it again would cost it half a second."""


def _path(name: str) -> str:
    return "" if _SERVING else rx.asset(name, shared=True).importable_path


with ThreadPoolExecutor(1) as _beside:
    # On a stack of its own: `rx.asset` reads all of it, and deep among imports that takes a second a file.
    _PATHS = dict(zip(_FILES, _beside.map(_path, _FILES), strict=True))
STORE = _PATHS["store.js"]
WORDS = _PATHS["words.js"]
WORD_PARTS = {
    "desk": (_PATHS["words-desk.js"], "deskWords"),
    "connect": (_PATHS["words-connect.js"], "connectWords"),
    "gaps": (_PATHS["words-gaps.js"], "gapWords"),
    "guide": (_PATHS["words-guide.js"], "guideWords"),
    "report": (_PATHS["words-report.js"], "reportWords"),
    "crew": (_PATHS["words-crew.js"], "crewWords"),
    "work": (_PATHS["words-work.js"], "workWords"),
    "me": (_PATHS["words-me.js"], "meWords"),
    "place": (_PATHS["words-place.js"], "placeWords"),
    "picture": (_PATHS["words-picture.js"], "pictureWords"),
    "hints": (_PATHS["words-hints.js"], "hintWords"),
    "pin": (_PATHS["words-pin.js"], "pinWords"),
    "log": (_PATHS["words-log.js"], "logWords"),
    "units": (_PATHS["words-units.js"], "unitWords"),
    "accounts": (_PATHS["words-accounts.js"], "accountWords"),
    "audit": (_PATHS["words-audit.js"], "auditWords"),
    "rights": (_PATHS["words-rights.js"], "rightsWords"),
    "difficulty_desk": (_PATHS["words-difficulty-desk.js"], "difficultyDeskWords"),
    "target": (_PATHS["words-target.js"], "targetWords"),
    "task": (_PATHS["words-task.js"], "taskWords"),
    "allot": (_PATHS["words-allot.js"], "allotWords"),
    "partner": (_PATHS["words-partner.js"], "partnerWords"),
    "roster": (_PATHS["words-roster.js"], "rosterWords"),
    "teams": (_PATHS["words-teams.js"], "teamWords"),
    "platforms": (_PATHS["words-platforms.js"], "platformWords"),
    "announcement": (_PATHS["words-announcement.js"], "announcementWords"),
    "material": (_PATHS["words-material.js"], "materialWords"),
    "contact": (_PATHS["words-contact.js"], "contactWords"),
    "classes": (_PATHS["words-classes.js"], "classWords"),
    "reports": (_PATHS["words-reports.js"], "reportsWords"),
    "papers": (_PATHS["words-papers.js"], "paperWords"),
    "period": (_PATHS["words-period.js"], "periodWords"),
    "overview": (_PATHS["words-overview.js"], "overviewWords"),
    "indicators": (_PATHS["words-indicators.js"], "indicatorWords"),
}
"""Parts of the catalogue that a page brings along: the module that teaches them, and its name."""

CAMERA = _PATHS["camera.js"]
BLUR = _PATHS["blurring.js"]
HINTS = _PATHS["hint-cards.js"]
PIN = _PATHS["pin-settings.js"]
LOG_OPENED = _PATHS["log-opened.js"]
ANNOUNCEMENT_OPENED = _PATHS["announcement-opened.js"]
PHONE = _PATHS["phone.js"]
SIGN_IN = _PATHS["sign-in.js"]
DESK = _PATHS["desk.js"]
DESK_ACCOUNT = _PATHS["desk-account.js"]
SET_PASSWORD = _PATHS["set-password.js"]
DESK_KEYS = _PATHS["desk-keys.js"]
GRID_KEYS = _PATHS["grid-keys.js"]
OVERVIEW = _PATHS["overview.js"]

T = TypeVar("T")


class Room:
    """A module of the phone's world: its slices to read, its actions to call.

    What is in `store.js` every phone screen has; another room comes with the screens that use it, so that nobody else
    downloads it. `actions` is the name under which the module gives its actions.
    """

    def __init__(self, module: str, actions: str) -> None:
        self._actions = actions
        self._brought = VarData(imports={_PATHS[module]: [rx.ImportVar(tag=actions)]})

    def slice(self, name: str, shape: type[T]) -> T:
        """A slice as a Var that is read like an instance of its shape."""
        hook = VarData(
            imports={STORE: [rx.ImportVar(tag="useSlice")]},
            hooks={f'const device_{name} = useSlice("{name}");': None},
        )
        var_data = VarData.merge(self._brought, hook)
        return cast(T, Var(f"device_{name}", _var_type=shape, _var_data=var_data).guess_type())

    def act(self, name: str, *arguments: Any, value: bool = False) -> Any:
        """Calls an action; with `value`, what the control gives comes as the last argument."""
        given = [Var.create(argument) for argument in arguments]
        inputs = [str(argument) for argument in given] + (["value"] if value else [])
        expression = f"((value) => {self._actions}.{name}({', '.join(inputs)}))"
        var_data = VarData.merge(self._brought, *(a._get_all_var_data() for a in given))
        return Var(expression, _var_data=var_data).to(FunctionVar, EventChain)


_everywhere = Room("store.js", "actions")
confirming = Room("confirming.js", "confirming")
counting = Room("counting.js", "counting")
lacking = Room("gap-list.js", "lacking")
reporting = Room("reporting.js", "reporting")
messaging = Room("messaging.js", "messaging")
guiding = Room("guiding.js", "guiding")
listening = Room("listening.js", "listening")
entering = Room("entering.js", "entering")
leading = Room("leading.js", "leading")
acting = Room("activities.js", "acting")
telling = Room("difficulties.js", "telling")
grouping = Room("group.js", "grouping")
commenting = Room("commenting.js", "commenting")
writing = Room("text-size.js", "writing")
aiming = Room("aiming.js", "aiming")
placing = Room("placing.js", "placing")
picturing = Room("picturing.js", "picturing")
sparing = Room("sparing.js", "sparing")
rescuing = Room("rescue.js", "rescuing")
announcing = Room("announcing.js", "announcing")
shelving = Room("shelving.js", "shelving")
practising = Room("practising.js", "practising")
calling = Room("calling.js", "calling")
submitting = Room("submitting.js", "submitting")
_slice = _everywhere.slice
act = _everywhere.act

me = _slice("me", slices.Me)
today = _slice("today", slices.Today)
roster = _slice("roster", slices.Roster)
household = _slice("household", slices.HouseholdPage)
outbox = _slice("outbox", slices.Outbox)
review = _slice("review", slices.Review)
newcomers = confirming.slice("newcomers", slices.Newcomers)
confirm = confirming.slice("confirm", slices.Confirm)
summary = counting.slice("summary", slices.Summary)
report = reporting.slice("report", report_slices.Report)
message = messaging.slice("message", report_slices.Message)
guide = guiding.slice("guide", guide_slices.Guides)
narration = listening.slice("narration", guide_slices.Narrations)
crew = leading.slice("crew", room_slices.Crew)
invite = leading.slice("invite", room_slices.Invite)
handing = leading.slice("handing", room_slices.Handing)
ending = leading.slice("ending", room_slices.Ending)
activities = acting.slice("activities", work_slices.Activities)
activity_form = acting.slice("activity_form", work_slices.ActivityForm)
difficulties = telling.slice("difficulties", work_slices.Difficulties)
difficulty_form = telling.slice("difficulty_form", work_slices.DifficultyForm)
group = grouping.slice("group", work_slices.Group)
group_form = grouping.slice("group_form", work_slices.GroupForm)
logs = commenting.slice("logs", log_slices.Logs)
comment_form = commenting.slice("comment_form", log_slices.CommentForm)
answer_form = commenting.slice("answer_form", log_slices.AnswerForm)
targets = aiming.slice("targets", target_slices.Targets)
split_form = aiming.slice("split_form", target_slices.SplitForm)
tasks = aiming.slice("tasks", target_slices.Tasks)
mark_form = aiming.slice("mark_form", target_slices.MarkForm)
text = writing.slice("text", room_slices.TextSize)
place = placing.slice("place", room_slices.VisitPlace)
picture = picturing.slice("picture", room_slices.LookedAt)
wifi = sparing.slice("wifi", room_slices.Wifi)
doer = entering.slice("doer", room_slices.Doer)
rescue = rescuing.slice("rescue", room_slices.Rescue)
brought = rescuing.slice("brought", room_slices.Brought)
announcements = announcing.slice("announcements", reading_slices.Announcements)
materials = shelving.slice("materials", reading_slices.Materials)
practices = practising.slice("practices", reading_slices.Practices)
practice_form = practising.slice("practice_form", reading_slices.PracticeForm)
contacts = calling.slice("contacts", reading_slices.Contacts)
periods = submitting.slice("periods", period_slices.Reports)
period = submitting.slice("period", period_slices.OpenReport)
behind = submitting.slice("behind", period_slices.Behind)
draft = _slice("draft", slices.Draft)
scan = _slice("scan", slices.Scan)
page = _slice("page", slices.Page)
lock = _slice("lock", slices.Lock)
join = _slice("join", slices.Join)
enrol = _slice("enrol", slices.Enrol)
door = _slice("door", slices.Door)
people = _slice("people", slices.PhonePeople)
leaving = _slice("leaving", slices.Leaving)
gaps = lacking.slice("gaps", room_slices.Gaps)


def count(rows: Any) -> Any:
    """How many rows a list of a slice has."""
    return Var.create(rows).to(list).length()


def some(rows: Any) -> Any:
    """Whether a list of a slice has any rows."""
    return count(rows) > 0
