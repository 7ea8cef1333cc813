"""What a phone pulls is compressed on its way: rosters are long, alike, and paid for by the megabyte.

Nothing else is. A compressed answer tells by its length whether what was asked repeats what is secret, so this holds
only for requests that carry the slot's header, which no other site's page can send, and whose answers hold no token.
"""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from fieldapp.api.identity import SLOT_HEADER

PULL = "/api/v1/sync/pull"
LEVEL = 6


class CompressedPull:
    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressed = GZipMiddleware(app, minimum_size=1000, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"] == PULL and SLOT_HEADER in Headers(scope=scope)
        await (self._compressed if ours else self._plain)(scope, receive, send)
