"""The second step of signing in (RFC 6238): set up on the officer's phone, asked for, replaced by recovery codes.

A code counts once: what was typed under somebody's eyes opens nothing after it. Tries are counted with those of the
password (`accounts.note_attempt`).
"""

import base64
import hashlib
import secrets
from hmac import compare_digest
from time import time

from pyotp import random_base32
from pyotp.totp import TOTP
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.integrations.secret_seal import SecretSeal
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.upsert import insert_new
from models.account import Account
from models.base import utc_now
from models.second_step import RecoveryCode, SecondStep
from models.sync import ServerFact

STEPS, CODES = SecondStep.__table__, RecoveryCode.__table__
ISSUER = "Tổ Số"
KEY_FACT = "second_step_key"
PERIOD, EARLIER_AND_LATER = 30, (-1, 0, 1)
"""Seconds of one code, and which ones are taken: a phone's clock may be half a minute off."""
RECOVERY_CODES, RECOVERY_BYTES = 10, 10


async def is_on(session: AsyncSession, account_id: int) -> bool:
    step = await session.get(SecondStep, account_id)
    return step is not None and step.confirmed_at is not None


async def codes_left(session: AsyncSession, account_id: int) -> int:
    query = select(CODES.c.code_hash).where(CODES.c.account_id == account_id, CODES.c.used_at.is_(None))
    return len((await session.execute(query)).all())


async def begin(session: AsyncSession, account: Account) -> str:
    """A new secret for this account's phone, as the address that its QR holds. Raises `second_step_on`."""
    row = await _locked(session, account.id or 0)
    if row is not None and row.confirmed_at is not None:
        raise Problem("second_step_on")
    secret = random_base32()
    closed = (await _seal(session)).close(secret, _purpose(account.id or 0))
    if row is None:
        session.add(SecondStep(account_id=account.id or 0, secret=closed))
    else:
        row.secret, row.created_at, row.last_period = closed, utc_now(), 0
    await session.flush()
    return TOTP(secret).provisioning_uri(name=account.username, issuer_name=ISSUER)


async def confirm(session: AsyncSession, who: Principal, account_id: int, code: str) -> list[str]:
    """Turns the second step on by a first code of the phone; gives the recovery codes, which are shown this once.

    Raises `second_step_off` where none was begun, `second_step_on`, or `code_wrong`.
    """
    row = await _locked(session, account_id)
    if row is None:
        raise Problem("second_step_off")
    if row.confirmed_at is not None:
        raise Problem("second_step_on")
    if not await _takes(session, row, code):
        raise Problem("code_wrong", "code")
    row.confirmed_at = utc_now()
    await session.execute(delete(CODES).where(CODES.c.account_id == account_id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_hash=_hash_of(code), account_id=account_id) for code in codes)
    await session.flush()
    await audit.write(session, [audit.event(who, "account.second_step_on", "account", account_id)])
    return codes


async def check(session: AsyncSession, account: Account, code: str) -> Problem | None:
    """Why this code is not enough to sign in: `code_needed`, `code_wrong`, or nothing."""
    row = await _locked(session, account.id or 0)
    if row is None or row.confirmed_at is None:
        return None
    if not code.strip():
        return Problem("code_needed", "code")
    if await _takes(session, row, code) or await _takes_recovery(session, account, code):
        return None
    return Problem("code_wrong", "code")


async def drop(session: AsyncSession, who: Principal | None, account: Account) -> bool:
    """Takes the second step away, as for a lost phone. The caller has judged whether this person may."""
    row = await _locked(session, account.id or 0)
    if row is None:
        return False
    await session.execute(delete(CODES).where(CODES.c.account_id == account.id))
    await session.delete(row)
    await session.flush()
    event = audit.event(who, "account.second_step_off", "account", account.id, account.unit_id)
    await audit.write(session, [event])
    return True


async def _locked(session: AsyncSession, account_id: int) -> SecondStep | None:
    query = select(SecondStep).where(STEPS.c.account_id == account_id).with_for_update()
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def _takes(session: AsyncSession, row: SecondStep, code: str) -> bool:
    secret = (await _seal(session)).open(row.secret, _purpose(row.account_id))
    typed, now = "".join(code.split()), int(time()) // PERIOD
    if secret is None or not (len(typed) == 6 and typed.isascii()):
        return False
    made = TOTP(secret)
    for period in (now + off for off in EARLIER_AND_LATER):
        if compare_digest(made.generate_otp(period), typed) and period > row.last_period:
            row.last_period = period
            await session.flush()
            return True
    return False


async def _takes_recovery(session: AsyncSession, account: Account, code: str) -> bool:
    mine = (CODES.c.account_id == account.id, CODES.c.code_hash == _hash_of(code), CODES.c.used_at.is_(None))
    used = await session.execute(update(CODES).where(*mine).values(used_at=utc_now()).returning(CODES.c.code_hash))
    if used.first() is None:
        return False
    event = audit.event(None, "account.recovery_code", "account", account.id, account.unit_id)
    await audit.write(session, [event])
    return True


def _new_code() -> str:
    """Eighty random bits, in groups that a person can copy from paper."""
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _hash_of(code: str) -> str:
    typed = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(f"toso-recovery {typed}".encode(errors="replace")).hexdigest()


def _purpose(account_id: int) -> str:
    return f"second step of account {account_id}"


async def _seal(session: AsyncSession) -> SecretSeal:
    """By the key of the settings; where none is set, by one that the database keeps, made once."""
    if given := settings().second_step_key.get_secret_value():
        return SecretSeal(given)
    fact = await session.get(ServerFact, KEY_FACT)
    if fact is None:
        await insert_new(session, ServerFact.__table__, {"key": KEY_FACT, "value": secrets.token_hex(32)})
        fact = await session.get_one(ServerFact, KEY_FACT, populate_existing=True)
    return SecretSeal(fact.value)
