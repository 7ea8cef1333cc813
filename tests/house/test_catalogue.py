"""Every text that a person sees stands in the catalogue, in both languages."""

import ast
import json
import re

import pytest

from fieldapp.config import ROOT
from fieldapp.i18n import FOLDER, LOCALES, catalogue, part, parts
from fieldapp.problems import STATUS
from tests.house.source import code_of_script, imported, place, python_files, strings, tree

PLACE = re.compile(r"{(\w+)[:}]")
PRODUCT_NAME = "Tổ Số"
READS_NAMES = ("fieldapp/services/reference.py", "fieldapp/services/samples.py")
"""These read lists of places and people, whose Vietnamese is data and stands on no screen as it is."""

SPEAKING = ("pages", "components", "states", "api", "services", "reports")
LOOK_UPS = {"fieldapp.i18n.text": "text", "fieldapp.components.words.t": "t"}


def test_both_languages_have_the_same_keys():
    assert catalogue("vi").keys() == catalogue("en").keys()


def test_both_languages_fill_the_same_places():
    vi, en = catalogue("vi"), catalogue("en")
    assert [key for key in vi if set(PLACE.findall(vi[key])) != set(PLACE.findall(en[key]))] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_key_is_written_twice_and_no_text_is_empty(locale: str):
    files = [FOLDER / locale / f"{name}.json" for name in parts()]
    pairs = [pair for path in files for pair in json.loads(path.read_text("utf-8"), object_pairs_hook=list)]
    keys = [key for key, _ in pairs]
    assert sorted(keys) == sorted(set(keys))
    assert [key for key, words in pairs if not words.strip()] == []


def test_what_begins_with_one_word_is_in_one_part_of_the_catalogue():
    homes: dict[str, set[str]] = {}
    for name in parts():
        for key in part("vi", name):
            homes.setdefault(key.split(".")[0], set()).add(name)
    assert {subject: found for subject, found in homes.items() if len(found) > 1} == {"problem": {"phone", "desk"}}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_problem_has_words(locale: str):
    assert [code for code in STATUS if f"problem.{code}" not in catalogue(locale)] == []


def test_every_key_that_code_names_is_there():
    unknown = []
    for path in python_files("fieldapp"):
        names = {LOOK_UPS[name] for name in imported(path) if name in LOOK_UPS}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value not in catalogue("vi"):
                    unknown.append(f"{place(path, node.lineno)} {key.value}")
    assert unknown == []


def test_no_code_speaks_vietnamese_by_itself():
    files = python_files(*(f"fieldapp/{folder}" for folder in SPEAKING), without=READS_NAMES)
    spoken = [(place(path, line), text) for path in files for line, text in strings(path) if _is_vietnamese(text)]
    assert spoken == []


def test_no_script_speaks_vietnamese_by_itself():
    """`names.js` folds the letter đ, which no decomposition takes apart; `note.js` knows how money is written."""
    scripts = (path for path in (ROOT / "fieldapp" / "device").glob("*.js") if path.name not in ("names.js", "note.js"))
    assert [path.name for path in scripts if _is_vietnamese(code_of_script(path))] == []


def _is_vietnamese(text: str) -> bool:
    return any(not c.isascii() and c.isalpha() for c in text.replace(PRODUCT_NAME, ""))
