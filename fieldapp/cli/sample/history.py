"""The whole history of a commune's visits: each call written down, then decided, put right or withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from fieldapp.cli.sample.calendar import Window, start_of_session
from fieldapp.cli.sample.pictures import Picture
from fieldapp.cli.sample.reviews import Leaders
from fieldapp.cli.sample.schedule import Call, Stage, plan_calls
from fieldapp.cli.sample.visits import Desk, Draft
from fieldapp.domain.vn_time import vn_day
from models.visit import ConsentWay, PhotoState, VisitMode, VisitState

PUT_RIGHT, WITHDRAWN = 0.025, 0.008
BEFORE_REVIEW = 0.2
"""The share of corrections that their author makes before anybody has looked."""

_LONG_AGO = timedelta(days=4)
_CONSENT = ("consent_way", "consent_text", "consent_at")
"""Only what came before this may have been sent back, put right and decided again by now."""


@dataclass(frozen=True)
class History:
    drafts: list[Draft]
    reviews: list[dict[str, Any]]
    photos: list[dict[str, Any]]


def write_history(
    rng: Random, stages: Sequence[Stage], window: Window, count: int, pictures: Sequence[Picture]
) -> History:
    """Exactly `count` visits, versions counted."""
    corrections = round(count * PUT_RIGHT)
    calls = plan_calls(rng, stages, window, count - corrections)
    old = [i for i, call in enumerate(calls) if call.received_at < window.moment - _LONG_AGO]
    corrected = set(rng.sample(old, corrections))
    withdrawn = set(rng.sample([i for i in range(len(calls)) if i not in corrected], round(count * WITHDRAWN)))
    shown = _place_pictures(rng, calls, pictures)
    seen_again = max(shown, default=-1) if len(pictures) > 1 else -1
    desk, leaders = Desk(rng), Leaders(rng, window.moment)
    drafts, again = [], []
    for i, call in enumerate(calls):
        draft = desk.write(call, photo_seen=i == seen_again)
        drafts.append(draft)
        if i in withdrawn:
            draft.row["state"] = VisitState.WITHDRAWN
        elif i in corrected:
            again.append(_put_right(rng, desk, leaders, draft, window))
        else:
            leaders.review(draft)
    for draft in again:
        leaders.review(draft)
    photos = [_photo_row(drafts[i], picture) for i, picture in sorted(shown.items())]
    return History(drafts + again, leaders.rows, photos + _expected(rng, drafts, bool(pictures)))


def _put_right(rng: Random, desk: Desk, leaders: Leaders, draft: Draft, window: Window) -> Draft:
    if rng.random() >= BEFORE_REVIEW:
        leaders.send_back_soon(draft)
    since = draft.row["decided_at"] or draft.call.received_at
    made_at = start_of_session(rng, vn_day(since) + timedelta(days=rng.choice((1, 1, 2))), window.moment)
    draft.row["state"] = VisitState.REPLACED
    return desk.write_again(draft, made_at, min(made_at + timedelta(minutes=rng.uniform(1, 600)), window.moment))


def _place_pictures(rng: Random, calls: Sequence[Call], pictures: Sequence[Picture]) -> dict[int, Picture]:
    """Which of the newest visits has which picture; the last has the first one once more, as a cheat would."""
    fit = [i for i, call in enumerate(calls) if call.mode is not VisitMode.PHONE][-4 * len(pictures) :]
    if len(fit) <= len(pictures):
        return {}
    places = sorted(rng.sample(fit, len(pictures) + 1)) if pictures else []
    return dict(zip(places, [*pictures, *pictures[:1]], strict=True))


def _photo_row(draft: Draft, picture: Picture) -> dict[str, Any]:
    at = draft.call.received_at
    # In one picture out of three a face is clear.
    agreed = (ConsentWay.ORAL, 1, draft.row["made_at"]) if int(picture.sha256, 16) % 3 == 0 else (None, None, None)
    return {
        "visit_id": draft.row["id"], "sha256": picture.sha256, "bytes": len(picture.content), "type": "image/jpeg",
        "state": PhotoState.READY, "width": picture.width, "height": picture.height,
        "thumbnail": picture.thumbnail, "accepted_at": at, "decoded_at": at,
        **dict(zip(_CONSENT, agreed, strict=True)),
    }  # fmt: skip


def _expected(rng: Random, drafts: Sequence[Draft], wanted: bool) -> list[dict[str, Any]]:
    """One photo that is still on its phone."""
    if not wanted or not drafts:
        return []
    blank = dict.fromkeys(("width", "height", "thumbnail", "accepted_at", "decoded_at", *_CONSENT))
    shape = {"bytes": rng.randint(120_000, 200_000), "type": "image/jpeg", "state": PhotoState.EXPECTED}
    return [{"visit_id": drafts[-1].row["id"], "sha256": rng.randbytes(32).hex(), **shape, **blank}]
