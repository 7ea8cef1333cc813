"""Builds the site once, and again only when something it is made of has changed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from fieldapp.config import ROOT

MADE_OF = ("fieldapp/pages", "fieldapp/components", "fieldapp/device", "fieldapp/states", "assets")
FILES = ("rxconfig.py", "requirements.txt", "fieldapp/fieldapp.py", "fieldapp/permissions.py", "fieldapp/config.py")
SITE = ROOT / ".web" / "build" / "client"
MARK = ROOT / ".web" / "built-from"
SKIPPED = ("assets/external", "__pycache__")


def fingerprint() -> str:
    """A hash over everything that the site is made of."""
    paths = [p for folder in MADE_OF for p in (ROOT / folder).rglob("*") if p.is_file()]
    paths += [ROOT / name for name in FILES]
    digest = hashlib.sha256()
    for path in sorted(paths):
        name = path.relative_to(ROOT).as_posix()
        if not any(part in name for part in SKIPPED):
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_built() -> bool:
    return (SITE / "sw.js").exists() and MARK.exists() and MARK.read_text() == fingerprint()


def build() -> None:
    """Compiles the site for production. Raises CalledProcessError, with Reflex's own words, if that fails."""
    wanted = fingerprint()
    tools = str(Path(sys.executable).parent)
    environment = {**os.environ, "REFLEX_USE_NPM": "1", "PATH": tools + os.pathsep + os.environ.get("PATH", "")}
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise subprocess.CalledProcessError(done.returncode, "reflex export")
    MARK.write_text(wanted)
