"""A hostile page: speaks Reflex's own protocol over a real socket, without a browser or any of our scripts."""

import json
from contextlib import suppress
from typing import Any
from uuid import uuid4

from simple_websocket import Client, ConnectionClosed

QUIET_SECONDS = 1.0


class Page:
    def __init__(self, port: int, cookie: str = "", token: str | None = None, origin: str | None = None) -> None:
        self.token = token or str(uuid4())
        headers = {"Origin": origin or f"http://localhost:{port}"} | ({"Cookie": cookie} if cookie else {})
        address = f"ws://localhost:{port}/_event/?EIO=4&transport=websocket&token={self.token}"
        self.line = Client(address, headers=headers)
        self.line.send("40/_event,")

    def say(self, name: str, payload: Any, more: dict[str, Any] | None = None) -> None:
        """One event, as the page's own scripts would send it; `more` replaces what stands around the payload."""
        event = {"token": self.token, "name": name, "payload": payload, "router_data": {"pathname": "/desk"}} | (
            more or {}
        )
        self.line.send("42/_event," + json.dumps(["event", event]))

    def heard(self) -> str:
        """All that the server says until it has been quiet for a while, or has hung up."""
        whole = []
        with suppress(ConnectionClosed):
            while (message := self.line.receive(timeout=QUIET_SECONDS)) is not None:
                if message == "2":
                    self.line.send("3")
                whole.append(str(message))
        return "\n".join(whole)

    def close(self) -> None:
        with suppress(ConnectionClosed):
            self.line.close()
