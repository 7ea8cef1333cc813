"""Who is at the desk: looked up at every event behind the socket's cookie, never remembered.

Every handler of a desk page is made by `needs`. The edge has put the session's id where the cookie was (api/edge.py),
and a socket keeps the headers of its handshake, so only the record can say whether that session is still open.
"""

import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from http.cookies import CookieError, SimpleCookie
from typing import Any, get_type_hints

import reflex as rx
import structlog
from pydantic import TypeAdapter, ValidationError

from fieldapp.db import database
from fieldapp.permissions import Action, Principal, may, require
from fieldapp.problems import Problem
from fieldapp.services.audit import acting_from
from fieldapp.services.samples import is_sample
from fieldapp.services.sessions import principal_by_id

log = structlog.get_logger("desk")
COOKIE = "session"
GATE = "/"
UNEXPECTED = "unexpected"
FORMS = frozenset({"form", "given"})
"""What handlers call the argument that a form sends."""


class DeskState(rx.State):
    """What the frame of every desk page shows.

    `problem` is the code of what went wrong at the last event, and `problem_params` fill its words; `taken` counts
    the forms that were taken, so that the browser empties what it sent.
    """

    name: str = ""
    unit_name: str = ""
    role: str = ""
    allowed: rx.Field[list[str]] = rx.field(default_factory=list)
    sample: bool = False
    problem: str = ""
    problem_params: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    taken: int = 0
    _session_id: str = ""

    async def _enter(self) -> Principal:
        """Who is acting. Raises `not_signed_in` or `session_closed`; of anybody else before, nothing is left.

        A member's session opens no desk, whatever cookie somebody puts it into.
        """
        async with database().read() as db:
            who = await principal_by_id(db, self._session_in_cookie())
            if who.account_id is None:
                raise Problem("not_signed_in")
            if who.session_id != self._session_id:
                await self._forget()
                self._session_id, self.sample = who.session_id, await is_sample(db)
                self.name, self.unit_name, self.role = who.name, who.unit_name, str(who.role)
                self._allow(who)
        self.problem, self.problem_params = "", {}
        return who

    def _allow(self, who: Principal) -> None:
        """What the frame offers: once a session, and anew where rights have changed within it."""
        self.allowed = [str(action) for action in Action if may(who, action)]

    def _session_in_cookie(self) -> str:
        try:
            morsel = SimpleCookie(self.router.headers.cookie).get(COOKIE)
        except CookieError:
            morsel = None
        return morsel.value if morsel else ""

    async def _forget(self) -> None:
        (await self.get_state(DeskState)).reset()

    async def _refuse(self, problem: Problem) -> Any:
        """Shows a problem, or goes back to the front door where nobody is signed in."""
        if problem.status == 401:
            await self._forget()
            return rx.redirect(GATE)
        self.problem, self.problem_params = problem.code, problem.params
        return None


Handler = Callable[..., Awaitable[Any]]


def needs(action: Action) -> Callable[[Handler], Handler]:
    """Makes an event handler that only those may run who may do this somewhere; where, the service checks.

    The method gets the principal first and then its own arguments, checked against their annotations: whoever has
    a socket can call a handler with anything.
    """

    def guard(method: Handler) -> Handler:
        check = _argument_check(method)
        takes_form = not FORMS.isdisjoint(inspect.signature(method).parameters)

        @wraps(method)
        async def handler(self: DeskState, *args: Any, **given: Any) -> Any:
            try:
                who = await self._enter()
                require(who, action)
                with acting_from(self.router.session.client_ip):
                    answer = await method(self, who, **check(args, given))
                self.taken += takes_form
                return answer
            except Problem as problem:
                return await self._refuse(problem)
            except Exception:
                log.exception("handler", name=method.__qualname__)
                self.problem, self.problem_params = UNEXPECTED, {}

        own, _, *rest = inspect.signature(method).parameters.values()
        del handler.__wrapped__  # type: ignore[attr-defined]
        handler.__annotations__ = {}
        handler.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [own, *(p.replace(annotation=inspect.Parameter.empty) for p in rest)]
        )
        handler.action = action  # type: ignore[attr-defined]
        return handler

    return guard


def _argument_check(method: Handler) -> Callable[[tuple, dict[str, Any]], dict[str, Any]]:
    hints = get_type_hints(method, include_extras=True)
    names = list(inspect.signature(method).parameters)[2:]
    adapters = {name: TypeAdapter(hints[name]) for name in names}

    def check(args: tuple, given: dict[str, Any]) -> dict[str, Any]:
        named = dict(zip(names, args, strict=False)) | given
        if named.keys() != adapters.keys():
            raise Problem("invalid")
        try:
            return {name: adapters[name].validate_python(value) for name, value in named.items()}
        except ValidationError as error:
            raise Problem("invalid", ".".join(map(str, error.errors()[0]["loc"])) or None) from None

    return check
