"""A WebKit to drive: Debian's WebKitGTK, spoken to by WebDriver over HTTP, on a screen in memory."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests import apt
from tests.e2e.stage import free_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Stale(LookupError):
    """The page drew itself anew between looking and tapping."""


class WebKit:
    """One browser with a page open in it; everything is found by what a person reads."""

    def __init__(self, driver: httpx.Client, session: str) -> None:
        self.driver, self.session = driver, session

    def ask(self, method: str, path: str, **body: Any) -> Any:
        answer = self.driver.request(method, f"/session/{self.session}/{path}", json=body if method == "POST" else None)
        value = answer.json()["value"]
        if answer.status_code != 200:
            said = f"{value.get('error')}: {value.get('message')}"
            raise Stale(said) if "stale element" in said.lower() else LookupError(said)
        return value

    def open(self, address: str) -> None:
        self.ask("POST", "url", url=address)

    def run(self, script: str) -> Any:
        return self.ask("POST", "execute/sync", script=script, args=[])

    def await_run(self, expression: str) -> Any:
        """The value of a promise."""
        script = f"const done = arguments[0]; Promise.resolve({expression}).then(done, (e) => done(String(e)));"
        return self.ask("POST", "execute/async", script=script, args=[])

    def see(self, text: str, within: float = 30) -> str:
        """Waits until something on the page says this, and gives its id."""
        deadline = time.monotonic() + within
        path = f"//*[not(self::script)][contains(normalize-space(text()), {text!r})]"
        while True:
            with suppress(Stale):
                if found := self.ask("POST", "elements", using="xpath", value=path):
                    return found[0][ELEMENT]
            if time.monotonic() > deadline:
                raise AssertionError(f"{text!r} is not on the page:\n{self.run('return document.body.innerText')}")

    def tap(self, text: str) -> None:
        """Taps the control that says this. By script, since a small bar of this browser's may lie over it."""
        script = "(arguments[0].closest('button, a, label') ?? arguments[0]).click()"
        while True:
            with suppress(Stale):
                return self.ask("POST", "execute/sync", script=script, args=[{ELEMENT: self.see(text)}])


@contextmanager
def launch(folder: Path) -> Iterator[WebKit]:
    """A WebKit of its own, with a home of its own; ended at the end. Raises RuntimeError where none can be had."""
    driver_path = apt.find_or_install("WebKitWebDriver", "webkit2gtk-driver")
    screen_path = apt.find_or_install("Xvfb", "xvfb")
    folder.mkdir(parents=True, exist_ok=True)
    port, number = free_port(), free_port() % 10_000 + 100
    screen = subprocess.Popen([screen_path, f":{number}", "-screen", "0", "800x1000x24", "-nolisten", "tcp"])
    environment = {
        "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "DISPLAY": f":{number}", "GDK_BACKEND": "x11",
        "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "LIBGL_ALWAYS_SOFTWARE": "1",
    }  # fmt: skip
    log = (folder / "webkit.log").open("wb")
    driver = subprocess.Popen([driver_path, f"--port={port}"], env=environment, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            session = _begin(client)
            yield WebKit(client, session)
            client.delete(f"/session/{session}")
    finally:
        for process in (driver, screen):
            process.terminate()
            process.wait()
        log.close()


def _begin(client: httpx.Client) -> str:
    """The driver's own browser, as it comes with it."""
    deadline = time.monotonic() + 30
    while True:
        try:
            answer = client.post("/session", json={"capabilities": {"alwaysMatch": {}}}).json()["value"]
            break
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
    if "sessionId" not in answer:
        raise RuntimeError(answer.get("message"))
    return answer["sessionId"]
