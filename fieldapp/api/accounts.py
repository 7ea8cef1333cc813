"""Passwords, the links that set them, and the second step of signing in: secrets, so they go past the socket."""

from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from fieldapp.api.document import says
from fieldapp.api.identity import FromOurPages, OpenCaller
from fieldapp.api.rates import by_address, spend
from fieldapp.api.shapes import AccountLinkMade, AccountSeen, Nothing, SecondStepBegun, SecondStepOn
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.given import Key, PlainText
from fieldapp.integrations.qr_picture import qr_svg
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import account_care, account_links, accounts, second_steps
from models.account import Account

router = APIRouter()
PerLink = Depends(by_address("account_link"))
Password = Annotated[PlainText, Field(max_length=200)]


class LinkGiven(BaseModel):
    token: PlainText = Field(min_length=20, max_length=100)


class PasswordByLink(LinkGiven):
    password: Password


class NewPassword(BaseModel):
    old: Password
    new: Password


class Proof(BaseModel):
    """The password once more: a desk that was left open is not enough."""

    password: Password


class FirstCode(BaseModel):
    code: PlainText = Field(max_length=40)


@router.post("/accounts/{account_id}/link", responses=says(AccountLinkMade))
async def make_link(account_id: Key, caller: OpenCaller) -> dict[str, Any]:
    """Makes the link by which an officer sets a password, in place of any before it."""
    require(caller.principal, Action.MANAGE_ACCOUNT)
    async with database().write() as db:
        account = await account_care.get_in_care(db, caller.principal, account_id)
        row, token = await account_links.make_link(db, caller.principal, account)
    link = account_links.link(token)
    return {"link": link, "qr": qr_svg(link), "expires_at": row.expires_at}


@router.post("/account-links/preview", dependencies=[FromOurPages, PerLink], responses=says(AccountSeen))
async def preview_link(form: LinkGiven) -> dict[str, Any]:
    """Whose password a link sets; looking does not use it up."""
    async with database().read() as db:
        account = await account_links.whose(db, form.token)
    return {"name": account.full_name, "username": account.username}


@router.post("/account-links/use", dependencies=[FromOurPages, PerLink], responses=says(AccountSeen))
async def use_link(form: PasswordByLink) -> dict[str, Any]:
    """Sets the password. Nobody is signed in by it: whoever has the link has not shown to know the name."""
    async with database().read() as db:
        await account_links.whose(db, form.token)
    # Hashing takes a while, so no transaction is open meanwhile; who comes first has used the link.
    hashed = await accounts.hash_of(form.password)
    async with database().write() as db:
        account = await account_links.use(db, form.token, hashed)
    return {"name": account.full_name, "username": account.username}


@router.post("/account/password", responses=says(Nothing))
async def change_password(form: NewPassword, caller: OpenCaller) -> dict[str, Any]:
    """Another password for the caller; their other sessions end."""
    require(caller.principal, Action.OWN_ACCOUNT)
    account = await _prove(caller.principal, form.old)
    hashed = await accounts.hash_of(form.new)
    async with database().write() as db:
        await account_links.replace_password(db, caller.principal, account, hashed, caller.session.id)
    return {}


@router.post("/account/second-step", responses=says(SecondStepBegun))
async def begin_second_step(form: Proof, caller: OpenCaller) -> dict[str, Any]:
    """A new secret for the caller's phone; nothing is asked for before a first code of it."""
    require(caller.principal, Action.OWN_ACCOUNT)
    account = await _prove(caller.principal, form.password)
    async with database().write() as db:
        address = await second_steps.begin(db, account)
    [secret] = parse_qs(urlsplit(address).query)["secret"]
    return {"qr": qr_svg(address), "secret": secret}


@router.post("/account/second-step/confirm", responses=says(SecondStepOn))
async def confirm_second_step(form: FirstCode, caller: OpenCaller) -> dict[str, Any]:
    """Turns it on by a code that the phone shows."""
    require(caller.principal, Action.OWN_ACCOUNT)
    await spend("second_step", str(caller.principal.account_id), settings().rate_account)
    async with database().write() as db:
        codes = await second_steps.confirm(db, caller.principal, caller.principal.account_id or 0, form.code)
    return {"codes": codes}


@router.post("/account/second-step/end", responses=says(Nothing))
async def end_second_step(form: Proof, caller: OpenCaller) -> dict[str, Any]:
    """Turns it off again."""
    require(caller.principal, Action.OWN_ACCOUNT)
    account = await _prove(caller.principal, form.password)
    async with database().write() as db:
        if not await second_steps.drop(db, caller.principal, account):
            raise Problem("second_step_off")
    return {}


async def _prove(who: Principal, password: str) -> Account:
    """The caller's account, after its password was right; wrong ones are counted like those at sign-in.

    Raises `wrong_password`, `locked_out`, `rate_limited`.
    """
    async with database().read() as db:
        account = await accounts.get_own(db, who)
    await spend("sign_in", account.username, settings().rate_account)
    if await accounts.is_right(account, password):
        return account
    async with database().write() as db:
        problem = await accounts.note_attempt(db, account, right=False)
    raise problem or Problem("wrong_password")
