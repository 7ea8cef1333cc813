"""The province's own sign-in (OpenID Connect, code flow with PKCE): asked for an officer, and its answer proved.

Signatures are held against the provider's keys by joserfc, claims against what was asked by Authlib; what is not proved
is `provider_failed`, whatever it says of itself.
"""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import structlog
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from fieldapp.config import Settings
from fieldapp.problems import Problem

log = structlog.get_logger("oidc")
ALGORITHMS = ["RS256", "PS256", "ES256"]
"""By a key pair of the provider's: never "none", and never a secret that both know."""

LEEWAY, KEPT_SECONDS, TIMEOUT = 60, 600, 10.0
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Answer:
    """Who the provider says that this is: `subject` never changes, `name` is the claim that accounts are known by."""

    subject: str
    name: str


class OidcProvider:
    def __init__(self, given: Settings) -> None:
        self._issuer, self._client = given.oidc_issuer, given.oidc_client
        self._secret, self._claim = given.oidc_secret.get_secret_value(), given.oidc_claim
        self._redirect = f"{given.origin}/api/v1/provider/answer"
        self._known: tuple[float, dict[str, Any]] | None = None

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in. Raises `provider_failed`."""
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._redirect,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        endpoint = (await self._discover())["authorization_endpoint"]
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    async def prove(self, code: str, nonce: str, verifier: str) -> Answer:
        """Who a code stands for. Raises `provider_failed`, or `provider_unknown` where the claim is not verified."""
        known = await self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "client_id": self._client,
            "code_verifier": verifier,
        }
        login = httpx.BasicAuth(self._client, self._secret) if self._secret else None
        answer = await self._ask("POST", known["token_endpoint"], data=form, auth=login)
        keys = await self._ask("GET", known["jwks_uri"])
        try:
            token = jwt.decode(str(answer["id_token"]), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            claims = CodeIDToken(
                token.claims, token.header, self._expected(), {"nonce": nonce, "client_id": self._client}
            )
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            log.warning("id_token_refused", error=type(error).__name__)
            raise Problem("provider_failed") from None
        return self._told(token.claims)

    def _expected(self) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "value": self._issuer},
            "aud": {"essential": True, "value": self._client},
            "exp": {"essential": True},
        }

    def _told(self, claims: dict[str, Any]) -> Answer:
        name, subject = claims.get(self._claim), claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise Problem("provider_failed")
        unproved = self._claim == "email" and claims.get("email_verified") is not True
        if unproved or not isinstance(name, str) or not 0 < len(name.strip()) <= 200:
            raise Problem("provider_unknown")
        return Answer(subject, name.strip())

    async def _discover(self) -> dict[str, Any]:
        """What the provider says of itself, asked for again after ten minutes."""
        if self._known is None or time.monotonic() - self._known[0] > KEPT_SECONDS:
            said = await self._ask("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            scheme = urlsplit(self._issuer).scheme
            right = said.get("issuer") == self._issuer
            if not right or any(urlsplit(str(said.get(name))).scheme != scheme for name in ENDPOINTS):
                log.warning("discovery_refused")
                raise Problem("provider_failed")
            self._known = time.monotonic(), said
        return self._known[1]

    async def _ask(self, method: str, address: str, **given: Any) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False) as client:
                answer = await client.request(method, address, **given)
            said = answer.json() if answer.status_code == httpx.codes.OK else None
        except (httpx.HTTPError, ValueError) as error:
            log.warning("provider_silent", error=type(error).__name__)
            raise Problem("provider_failed") from None
        if not isinstance(said, dict):
            raise Problem("provider_failed")
        return said
