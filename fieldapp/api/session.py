"""Signing in and out, one's own sessions, and how a member's phone joins and is ended."""

from typing import Annotated, Any, Literal
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, model_validator

from fieldapp.api.document import says
from fieldapp.api.identity import DESK, FromOurPages, OpenCaller, SendingCaller, drop_cookie, set_cookie, slot_of
from fieldapp.api.rates import by_address, network_of, spend
from fieldapp.api.shapes import InvitationMade, InvitationSeen, Joined, Nothing, OwnSessions, PhoneEnded, SignedIn
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.session_life import CLOSING_DAYS
from fieldapp.integrations.qr_picture import qr_svg
from fieldapp.permissions import Action, require
from fieldapp.problems import Problem
from fieldapp.services import accounts, devices, enrolment_codes, enrolments, rescues, sessions
from models.session import SessionState

router = APIRouter()
PerSignIn = Depends(by_address("sign_in"))
PhoneId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class SignIn(BaseModel):
    username: PlainText = Field(max_length=60)
    password: PlainText = Field(max_length=200)
    code: PlainText = Field(default="", max_length=40)
    """Of the officer's phone, or a recovery code; asked for by `code_needed`."""


class Invitation(BaseModel):
    """By the secret of its link, or by the short code that a person typed."""

    token: PlainText | None = Field(default=None, min_length=20, max_length=100)
    code: PlainText | None = Field(default=None, max_length=40)

    @model_validator(mode="after")
    def _one_way(self) -> "Invitation":
        if (self.token is None) == (self.code is None):
            raise ValueError("invalid")
        return self


class Joining(Invitation):
    """`device` is the phone as this person has it, `phone` the same for all who share it: 128 random bits."""

    device: UUID
    phone: PhoneId | None = None
    label: PlainText = Field(default="", max_length=120)


class Inviting(BaseModel):
    member: Key


class Ending(BaseModel):
    """`closing` lets the phone still send what it holds, `closed` refuses it everything, whoever uses it."""

    state: Literal[SessionState.CLOSING, SessionState.CLOSED]


def _browser(request: Request) -> str:
    return request.headers.get("user-agent", "")[:200]


@router.post("/session", dependencies=[FromOurPages, PerSignIn], responses=says(SignedIn))
async def sign_in(request: Request, response: Response, form: SignIn) -> dict[str, Any]:
    """Opens an officer's session; its cookie is the desk's."""
    await spend("sign_in", accounts.name_of(form.username), settings().rate_account)
    async with database().read() as db:
        account = await accounts.find_for_sign_in(db, form.username)
    # No transaction is open while the password is held against its hash: that takes a while, on purpose.
    right = await accounts.is_right(account, form.password)
    if account is None:
        raise Problem("wrong_password")
    async with database().write() as db:
        problem = await accounts.note_attempt(db, account, right, form.code)
        who, token = None, ""
        if problem is None:
            who, token = await sessions.open_for_officer(db, account.id or 0, _browser(request))
    if problem is not None or who is None:
        raise problem or Problem("wrong_password")
    set_cookie(response, DESK, token, settings().desk_session_hours / 24)
    return {"name": who.name, "role": who.role, "owes_second_step": who.owes_second_step}


@router.delete("/session", responses=says(Nothing))
async def sign_out(request: Request, response: Response, caller: SendingCaller) -> dict[str, Any]:
    """Ends the session of this request."""
    async with database().write() as db:
        row = await sessions.get_session(db, caller.session.id)
        await sessions.end(db, caller.principal, row, SessionState.CLOSED)
    drop_cookie(response, slot_of(request))
    return {}


@router.get("/sessions", responses=says(OwnSessions))
async def list_sessions(caller: OpenCaller) -> dict[str, Any]:
    """The caller's own open sessions, newest first."""
    require(caller.principal, Action.MANAGE_SESSION)
    async with database().read() as db:
        rows = await sessions.list_own(db, caller.principal)
    return {
        "sessions": [
            {
                "id": str(s.id),
                "label": s.label,
                "since": s.created_at,
                "seen": s.last_seen_at,
                "this": s.id == caller.session.id,
            }
            for s in rows
        ]
    }


@router.delete("/sessions/{session_id}", responses=says(Nothing))
async def end_session(session_id: UUID, caller: OpenCaller) -> dict[str, Any]:
    """Ends one of the caller's own sessions."""
    require(caller.principal, Action.MANAGE_SESSION)
    async with database().write() as db:
        await sessions.end_own(db, caller.principal, session_id)
    return {}


@router.post("/devices/{device_id}/end", responses=says(PhoneEnded))
async def end_phone(device_id: UUID, form: Ending, caller: OpenCaller) -> dict[str, Any]:
    """Ends a phone of somebody below the caller."""
    require(caller.principal, Action.END_PHONE)
    async with database().write() as db:
        ended = await devices.end_phone(db, caller.principal, device_id, form.state)
    return {"names": ended.names, "others": ended.others}


@router.post("/enrolments", responses=says(InvitationMade))
async def invite(form: Inviting, caller: OpenCaller) -> dict[str, Any]:
    """Makes an invitation; its link holds the secret behind a #, which no server ever logs."""
    require(caller.principal, Action.INVITE_MEMBER)
    code, hashed = await to_thread.run_sync(enrolment_codes.new_code)
    async with database().write() as db:
        row, token = await enrolments.make_enrolment(db, caller.principal, form.member)
        await enrolment_codes.give(db, row, hashed)
    link = enrolments.link(token)
    return {"link": link, "qr": qr_svg(link), "code": code, "expires_at": row.expires_at}


async def _hash_of(form: Invitation, request: Request, what: str) -> str:
    """What the invitation is known by, after this look or join was counted.

    Whoever has the link of an invitation that works is counted by that alone: a whole mobile network may share one
    address, and nobody guesses the secret of a link. Everything else is counted by its address.
    """
    address, linked = network_of(request), sessions.token_hash(form.token or "")
    if form.code is None and await _is_open(linked):
        await spend(what, linked[:32], settings().rate_account)
        return linked
    await spend(what, address, settings().rate_address)
    if form.code is None:
        return linked
    async with database().read() as db:
        await enrolment_codes.require_open(db, address)
    hashed = await to_thread.run_sync(enrolment_codes.code_hash, form.code)
    async with database().write() as db:
        found = await enrolment_codes.take(db, hashed, address)
    if isinstance(found, Problem):
        raise found
    return found


async def _is_open(hashed: str) -> bool:
    async with database().read() as db:
        return await enrolments.is_open(db, hashed)


@router.post("/enrolments/preview", dependencies=[FromOurPages], responses=says(InvitationSeen))
async def preview_invitation(request: Request, form: Invitation) -> dict[str, Any]:
    """Whom an invitation is for; looking does not use it up."""
    hashed = await _hash_of(form, request, "preview")
    async with database().read() as db:
        member, postings = await enrolments.preview(db, hashed)
    teams = sorted({p.team_name for p in postings})
    return {"id": member.id, "name": member.full_name, "team": teams[0] if teams else ""}


@router.post("/enrolments/join", dependencies=[FromOurPages], responses=says(Joined))
async def join(request: Request, response: Response, form: Joining) -> dict[str, Any]:
    """Takes an invitation up: opens a session for this phone in the slot that the request names."""
    slot = slot_of(request)
    hashed = await _hash_of(form, request, "join")
    async with database().write() as db:
        opened, token = await enrolments.join(db, hashed, form.device, form.label or _browser(request), form.phone)
        rescue = await rescues.seal_for(db, opened)
    set_cookie(response, slot, token, settings().phone_session_days + CLOSING_DAYS)
    return {"id": opened.member_id, "device": str(opened.device_id), "rescue": rescue}
