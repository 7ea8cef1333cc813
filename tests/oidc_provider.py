"""A provider of the tests' own, over HTTP, with real keys and tokens; each test may make it lie in one way."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "toso", "a secret of the client"


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class TestProvider:
    """`person` is who signs in; `lies` replace claims of the token (None takes one away), `alg` is how it is signed."""

    __test__ = False

    def __init__(self) -> None:
        self.key, self.stranger = RSAKey.generate_key(2048, {"kid": "1"}), ECKey.generate_key("P-256", {"kid": "2"})
        self.person: dict[str, Any] = {"sub": "person-1", "email": "xa@example.vn", "email_verified": True}
        self.lies: dict[str, Any] = {}
        self.discovery_lies: dict[str, Any] = {}
        self.alg = "RS256"
        self.codes: dict[str, dict[str, str]] = {}
        self.refused: list[str] = []
        self.issuer = ""

    def authorize(self, address: str) -> dict[str, str]:
        """What the browser brings back after the person has signed in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def discovery(self) -> dict[str, Any]:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        said = {name: f"{self.issuer}/{path}" for name, path in names.items()}
        return {"issuer": self.issuer, **said, **self.discovery_lies}

    def token(self, form: dict[str, str], login: str) -> tuple[int, dict[str, Any]]:
        """A token for a code, once, to the client that asked for it and to nobody who only saw the code go by."""
        asked = self.codes.pop(form.get("code", ""), None)
        proof = _b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        right_login = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        wrong = [
            name
            for name, is_wrong in {
                "code": asked is None,
                "verifier": asked is not None and asked["code_challenge"] != proof,
                "method": asked is not None and asked["code_challenge_method"] != "S256",
                "redirect": asked is not None and asked["redirect_uri"] != form.get("redirect_uri"),
                "login": login != right_login,
            }.items()
            if is_wrong
        ]
        if asked is None or wrong:
            self.refused += wrong
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce, **self.person}
        claims = {name: value for name, value in (claims | self.lies).items() if value is not None}
        if self.alg == "none":
            return f"{_b64(json.dumps({'alg': 'none'}).encode())}.{_b64(json.dumps(claims).encode())}."
        if self.alg == "stranger":
            return jwt.encode({"alg": "ES256", "kid": "2"}, claims, self.stranger)
        if self.alg == "HS256":
            # The public key taken for a shared secret.
            from joserfc.jwk import OctKey

            public = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "1"}, claims, public)
        return jwt.encode({"alg": self.alg, "kid": "1"}, claims, self.key)


@contextmanager
def running() -> Iterator[TestProvider]:
    provider = TestProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/.well-known/openid-configuration":
                self._say(200, provider.discovery())
            elif self.path == "/keys":
                self._say(200, {"keys": [provider.key.as_dict(private=False)]})
            elif self.path.startswith("/authorize?"):
                self._lead_back()
            else:
                self._say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*provider.token(form, self.headers.get("authorization", "")))

        def _lead_back(self) -> None:
            """A browser is signed in already, and goes back at once."""
            asked = parse_qs(urlsplit(self.path).query)
            self.send_response(302)
            self.send_header("location", f"{asked['redirect_uri'][0]}?{urlencode(provider.authorize(self.path))}")
            self.send_header("content-length", "0")
            self.end_headers()

        def _say(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
