"""On the phone one file holds the storage and one the wire, so that there is one place to look when either fails."""

import re

from fieldapp.config import ROOT
from tests.house.source import code_of_script

DEVICE = ROOT / "fieldapp" / "device"
STORAGE = re.compile(r"\bindexedDB\b|\bopenDB\b|\bdeleteDB\b|[\"']idb[\"']")
WIRE = re.compile(r"\bfetch\s*\(|\bXMLHttpRequest\b|\bsendBeacon\b|\bWebSocket\b|\bEventSource\b")


def _files_that_name(what: re.Pattern[str]) -> set[str]:
    return {path.name for path in DEVICE.glob("*.js") if what.search(code_of_script(path))}


def test_only_db_opens_the_storage():
    assert _files_that_name(STORAGE) == {"db.js"}


def test_only_the_api_and_the_service_worker_use_the_wire():
    assert (DEVICE / "sw.js").is_file()
    assert _files_that_name(WIRE) | {"sw.js"} == {"api.js", "sw.js"}
