"""Whether a history ended as it must: nothing lost, nothing doubled, numbers right, every phone shown its own.

Each check says what is wrong in words; no words is right.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from fieldapp.config import Settings
from fieldapp.domain.vn_time import vn_day
from models.base import utc_now
from tests.histories.counting import check_counters
from tests.histories.ledger import Ledger
from tests.histories.place import PHONES, Place
from tests.histories.truth import Truth

VISITS = ("visit.create", "visit.replace")
GONE = ("replaced", "withdrawn")
USUAL_REASONS = {"visit_decided", "replaced_already", "card_taken", "card_unknown"}
"""Why a phone may be told no where several people work on the same things."""

UNKNOWN = {"visit_unknown", "household_unknown"}
"""Said only of what will never come: a phone that has it sent would have brought it."""

Looks = dict[str, dict[str, Any]]


def judge(place: Place, ledger: Ledger, looks: Looks, truth: Truth, folder: Path | None) -> list[str]:
    """With no `folder` photos have been decoded, and their originals are gone."""
    return [
        *_kept(ledger, looks, truth),
        *_chains(ledger, truth),
        *_nothing_else(ledger, looks, truth),
        *_photos(ledger, looks, truth, folder),
        *check_counters(truth),
        *[wrong for phone, look in looks.items() for wrong in _shown(place, phone, look, truth)],
    ]


def _reasons(ledger: Ledger) -> set[str]:
    clocks = {"made_in_future"} if ledger.clocks_moved else set()
    moved = {"out_of_scope", "forbidden"} if ledger.people_moved else set()
    sorted_out = {"held_refused"} if ledger.sorted else set()
    return USUAL_REASONS | UNKNOWN | clocks | moved | sorted_out


def _named(record: dict[str, Any]) -> set[str]:
    """The visits and households on which a record rests."""
    payload = record["payload"]
    one = [record["replaces"], *(payload.get(name) for name in ("visit", "household", "into"))]
    return {name for name in one if name} | {decided["visit"] for decided in payload.get("visits", [])}


def _brought(looks: Looks, held: bool = True) -> set[str]:
    """The visits and households that phones have sent, now or ever; those that are `held` themselves too or not."""
    sent = [r for look in looks.values() for r in look["records"] if r["state"] == "sent"]
    sent = [r for r in sent if held or r["result"] != "held"]
    doors = {r["payload"]["household"] for r in sent if r["kind"] == "household.add"}
    return doors | {r["id"] for r in sent if r["kind"] in VISITS}


def _kept(ledger: Ledger, looks: Looks, truth: Truth) -> list[str]:
    """Every record that was saved is on its phone, settled; and where it was taken in, the server has it so."""
    wrong, brought, taken_in = [], _brought(looks), _brought(looks, held=False)
    for phone, look in looks.items():
        mine = {record["id"]: record for record in look["records"]}
        if look["epoch"] != truth.epoch:
            wrong.append(f"{phone} lives in another epoch")
        for name in [n for n, p in ledger.phones.items() if p == phone and n in ledger.saved and n not in mine]:
            wrong.append(f"{phone} has forgotten {name}")
        for record in mine.values():
            said = _settled(ledger, record, truth, brought, taken_in)
            wrong += [f"{phone} {record['kind']} {record['id']}: {w}" for w in said]
    return wrong


def _settled(ledger: Ledger, record: dict[str, Any], truth: Truth, brought: set[str], taken_in: set[str]) -> list[str]:
    here = truth.records.get(record["id"])
    if record["state"] == "parked":
        named = record.get("code") in _reasons(ledger) and record["result"] in ("invalid", "forbidden")
        if record.get("code") in UNKNOWN:
            named = named and not _named(record) <= brought | truth.households.keys()
        wrong = [] if named else [f"parked as {record['result']} {record.get('code')}"]
        given_back = (ledger.sorted or ledger.restored) and here and str(here["result"]) == record["result"]
        return wrong + (["parked, and yet the server has it"] if here and not given_back else [])
    if record["state"] != "sent":
        return [f"still {record['state']}"]
    if here is None:
        return ["sent, and the server does not have it"]
    result = "created" if record["result"] == "identical" else record["result"]
    wrong = [] if str(here["result"]) == result else [f"{record['result']} here, {here['result']} there"]
    if result == "held":
        reason = here["detail"].get("reason")
        unclear = ledger.people_moved or ledger.clocks_moved or reason == "base_held"
        if reason == "base_missing":
            # What has come since and is held itself takes along what waits for it, when it is sorted.
            unclear = truth.restored and not _named(record) <= taken_in | truth.households.keys()
        wrong += [] if unclear else [f"held for {here['detail']}"]
        wrong += [] if here["payload"]["payload"] == record["payload"] else ["held otherwise than it was said"]
    return wrong + (_visit(record, truth) if result == "created" and record["kind"] in VISITS else [])


def _visit(record: dict[str, Any], truth: Truth) -> list[str]:
    visit, payload = truth.visits.get(record["id"]), record["payload"]
    if visit is None:
        return ["taken in, and there is no visit"]
    outcomes = [
        (o["platform_code"], str(o["result"]), o["people"]) for o in truth.outcomes if o["visit_id"] == visit["id"]
    ]
    said = [(o["platform"], o["result"], payload["people"]) for o in payload["outcomes"]]
    photos = {p["sha256"] for p in truth.photos if p["visit_id"] == visit["id"]}
    facts = {
        "household": (str(visit["household_id"]), truth.standing(payload["household"])),
        "author": (visit["author_id"], record["author"]),
        "outcomes": (sorted(outcomes), sorted(said)),
        "photos": (photos, {p["sha256"] for p in payload["photos"]}),
        "base": (str(visit["replaces_id"] or ""), _base(record["replaces"], truth)),
    }
    return [f"its {name} is {there}, not {here}" for name, (there, here) in facts.items() if there != here]


def _base(named: str | None, truth: Truth) -> str:
    """The version that a record names; where that was held and then refused, the one that it was to replace."""
    while named and named not in truth.visits and (kept := (truth.records.get(named) or {}).get("payload")):
        named = kept["replaces"]
    return named or ""


def _chains(ledger: Ledger, truth: Truth) -> list[str]:
    """Of each chain one version stands, or none where it was withdrawn; what was replaced has its successor."""
    wrong = []
    standing = Counter(str(v["root_id"]) for v in truth.visits.values() if v["state"] not in GONE)
    wrong += [f"{root} stands {n} times" for root, n in standing.items() if n > 1]
    successors = Counter(str(v["replaces_id"]) for v in truth.visits.values() if v["replaces_id"])
    wrong += [f"{base} was replaced {n} times" for base, n in successors.items() if n > 1]
    withdrawals = {
        str(r["payload"]["visit"])
        for r in [*ledger.saved.values(), *ledger.maybe.values()]
        if r["kind"] == "visit.withdraw"
    }
    for name, visit in truth.visits.items():
        if (visit["state"] == "replaced") != (name in successors):
            wrong.append(f"{name} is {visit['state']} and has {successors[name]} successors")
        if visit["state"] == "withdrawn" and name not in withdrawals:
            wrong.append(f"{name} is withdrawn and nobody withdrew it")
        decided = [r for r in truth.reviews if str(r["visit_id"]) == name]
        if len(decided) > 1:
            wrong.append(f"{name} was decided {len(decided)} times")
        if visit["state"] in ("approved", "returned") and not decided:
            wrong.append(f"{name} is {visit['state']} and nobody decided it")
    return wrong


def _nothing_else(ledger: Ledger, looks: Looks, truth: Truth) -> list[str]:
    """The server has no record that no phone made, and none that was taken back in time."""
    made = ledger.saved.keys() | ledger.maybe.keys()
    wrong = [f"the server has {name}, which nobody made" for name in truth.records if name not in made]
    wrong += [f"{name} was taken back, and the server has it" for name in ledger.undone & truth.records.keys()]
    return wrong + [f"visit {name} has no record" for name in truth.visits if name not in truth.records]


def _photos(ledger: Ledger, looks: Looks, truth: Truth, folder: Path | None) -> list[str]:
    """Every photo of a visit that was taken in has arrived, byte for byte."""
    wrong = [f"{phone} owes photos {look['owing']}" for phone, look in looks.items() if look["owing"]]
    for photo in truth.photos:
        name = f"photo {photo['sha256'][:8]} of {photo['visit_id']}"
        if str(photo["state"]) != ("accepted" if folder else "ready"):
            wrong.append(f"{name} is {photo['state']}")
        elif folder and not _is_there(folder, photo):
            wrong.append(f"{name} lacks its bytes")
    return wrong


def _is_there(folder: Path, photo: dict[str, Any]) -> bool:
    path = folder / "photos" / "accepted" / photo["sha256"][:2] / photo["sha256"]
    return path.is_file() and path.stat().st_size == photo["bytes"]


def _shown(place: Place, phone: str, look: dict[str, Any], truth: Truth) -> list[str]:
    """A phone shows exactly the rows of its villages, each as the server has it."""
    member = place.members[PHONES[phone]]
    villages, continued = truth.villages_of[member], truth.continued_of[member]
    homes = {n for n, h in truth.households.items() if h["village_id"] in villages and not h["discarded_at"]}
    made_here = {
        r["payload"]["household"] for r in look["records"] if r["kind"] == "household.add" and r["state"] == "parked"
    }
    cards = {
        c["id"]: (str(c["state"]), str(c["household_id"] or "")) for c in truth.cards if c["village_id"] in villages
    }
    oldest = vn_day(utc_now()) - timedelta(days=Settings().pull_days)
    visits = {n: v for n, v in truth.visits.items() if v["village_id"] in villages | continued.keys()}
    wanted = {n for n, v in visits.items() if v["done_on"] >= oldest or v["state"] in ("waiting", "returned")}
    shown = {v["id"]: v for v in look["visits"]}
    wrong = [
        *_sets("households", {h["id"] for h in look["households"]} - made_here, homes - made_here),
        *_sets(
            "cards",
            {(c["id"], c["state"], c["household"] or "") for c in look["cards"]},
            {(i, *c) for i, c in cards.items()},
        ),
        *_sets("visits", shown.keys() & (wanted | (shown.keys() - visits.keys())), wanted),
        *_sets("own villages", {v["id"] for v in look["me"]["villages"]}, villages),
    ]
    for name in shown.keys() & visits.keys():
        visit = visits[name]
        has = tuple(shown[name][fact] for fact in ("state", "reason_code", "decided_by", "day", "village"))
        by = truth.names.get(visit["decided_by_id"]) if visit["decided_by_id"] else None
        village = continued.get(visit["village_id"], visit["village_id"])
        should = (str(visit["state"]), visit["reason_code"], by, visit["done_on"].isoformat(), village)
        if has != should:
            wrong.append(f"visit {name} is shown as {has}, and is {should}")
    return [f"{phone}: {one}" for one in wrong]


def _sets(name: str, shown: set, wanted: set) -> list[str]:
    return [
        *[f"{name}: {one} is shown and should not be" for one in shown - wanted],
        *[f"{name}: {one} is missing" for one in wanted - shown],
    ]
