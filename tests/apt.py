"""Programs of the system that tests need: found, or installed from its packages."""

import os
import shutil
import subprocess
import sys

from tests.turns import in_turn


def find_or_install(program: str, package: str) -> str:
    """The program's path. Raises RuntimeError where it is neither there nor to be had: nothing is skipped silently."""
    with in_turn("apt"):
        if shutil.which(program, path=_PLACES) is None:
            install(package)
    found = shutil.which(program, path=_PLACES)
    if found is None:
        raise RuntimeError(f"{program} is not installed and could not be (package {package})")
    return found


def install(*packages: str) -> bool:
    """Whether the system's package manager brought them; its output goes to standard error."""
    if not shutil.which("apt-get"):
        return False
    become_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    quiet = ["--yes", "--no-install-recommends"]
    return run(*become_root, "apt-get", "update") and run(*become_root, "apt-get", "install", *quiet, *packages)


def run(*command: str) -> bool:
    """Whether the command could be run and ended well; its output goes to standard error."""
    try:
        return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0
    except OSError:
        return False


_PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"])
