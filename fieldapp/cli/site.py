"""Builds the site once, and again only when something it is made of has changed.

A tab of the build before still asks for its own files, whose names hold a hash: they are kept beside the new ones.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from fieldapp.config import ROOT

MADE_OF = ("fieldapp/pages", "fieldapp/components", "fieldapp/device", "fieldapp/states", "assets")
FILES = (
    "rxconfig.py", "requirements.txt", "fieldapp/fieldapp.py", "fieldapp/permissions.py", "fieldapp/config.py",
    "fieldapp/domain/browser.py",
)  # fmt: skip
SITE = ROOT / ".web" / "build" / "client"
MARK = ROOT / ".web" / "built-from"
ASSETS = SITE / "assets"
KEPT = ROOT / ".web" / "kept-assets"
OWN = ROOT / ".web" / "own-assets.json"
KEEP_SECONDS = 14 * 86_400
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
    set_aside(ASSETS, KEPT, OWN)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise subprocess.CalledProcessError(done.returncode, "reflex export")
    bring_back(ASSETS, KEPT, OWN)
    MARK.write_text(wanted)


def set_aside(assets: Path, kept: Path, own: Path) -> None:
    """Keeps the files that the build here made itself; from now on they are those of a build before."""
    kept.mkdir(parents=True, exist_ok=True)
    names = json.loads(own.read_text()) if own.exists() else [p.name for p in assets.glob("*")]
    for name in names:
        if (assets / name).is_file():
            shutil.copyfile(assets / name, kept / name)


def bring_back(assets: Path, kept: Path, own: Path) -> None:
    """Puts the files of earlier builds beside those of the new one, for fourteen days after they were replaced."""
    made = sorted(p.name for p in assets.glob("*") if p.is_file())
    own.write_text(json.dumps(made))
    for path in kept.glob("*"):
        if time.time() - path.stat().st_mtime > KEEP_SECONDS:
            path.unlink()
        elif path.name not in made:
            shutil.copyfile(path, assets / path.name)
