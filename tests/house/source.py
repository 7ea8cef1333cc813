"""The project's own source, read as text and as syntax trees, for the tests of house rules."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fieldapp.config import ROOT

SCRIPT_COMMENTS = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)


def python_files(*folders: str, without: tuple[str, ...] = ()) -> list[Path]:
    """Every Python file under these folders or files of the project, except under those `without`."""
    found = {path for folder in folders for path in [ROOT / folder, *(ROOT / folder).rglob("*.py")] if path.is_file()}
    left_out = [ROOT / folder for folder in without]
    return sorted(path for path in found if not any(path.is_relative_to(folder) for folder in left_out))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> Iterator[str]:
    """The dotted name of everything that a file imports: `sqlalchemy.ext.asyncio.AsyncSession`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """The line and text of every string that is no docstring; of an f-string its fixed parts."""
    told = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def code_of_script(path: Path) -> str:
    """A JavaScript file without its comments."""
    return SCRIPT_COMMENTS.sub("", path.read_text("utf-8"))


def place(path: Path, line: int | None = None) -> str:
    """How a failure names a place."""
    return str(path.relative_to(ROOT)) + (f":{line}" if line else "")
