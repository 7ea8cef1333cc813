"""A file that has grown too long to read in one go is split by what it is about."""

from tests.house.source import place, python_files

LONGEST, LONGEST_TEST = 299, 399


def test_no_python_file_is_too_long():
    code = python_files("fieldapp", "models", without=("models/migrations/versions",))
    limits = dict.fromkeys(code, LONGEST) | dict.fromkeys(python_files("tests"), LONGEST_TEST)
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in limits}
    assert {place(path): length for path, length in lengths.items() if length > limits[path]} == {}
