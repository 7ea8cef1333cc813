"""Failures and their codes: what is raised is named, and what is named can happen."""

import ast

from fieldapp.problems import STATUS
from tests.house.source import place, python_files, strings, tree


def test_every_problem_that_is_raised_has_a_name():
    unnamed = []
    for path in python_files("fieldapp"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                code = node.args[0]
                if isinstance(code, ast.Constant) and code.value not in STATUS:
                    unnamed.append(f"{place(path, node.lineno)} {code.value}")
    assert unnamed == []


def test_every_problem_that_is_named_can_happen():
    files = python_files("fieldapp", without=("fieldapp/problems.py",))
    spoken = {text for path in files for _, text in strings(path)}
    assert sorted(STATUS.keys() - spoken) == []
