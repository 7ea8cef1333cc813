"""Statements are written in services and reports; `db.py` and the migration command only bring the connection."""

from tests.house.source import imported, place, python_files

STATEMENTS = {"select", "insert", "update", "delete", "text", "union", "union_all", "exists", "func", "literal_column"}
MAY_SPEAK_SQL = ("fieldapp/services", "fieldapp/reports", "fieldapp/db.py", "fieldapp/cli/migrate.py")


def test_sql_is_written_in_services_and_reports_only():
    files = python_files("fieldapp", without=MAY_SPEAK_SQL)
    assert [f"{place(path)} {name}" for path in files for name in imported(path) if _is_statement(name)] == []


def test_no_edge_reaches_for_a_driver():
    drivers = ("sqlite3", "aiosqlite", "asyncpg", "psycopg")
    files = python_files("fieldapp", "models")
    assert [f"{place(path)} {name}" for path in files for name in imported(path) if name.split(".")[0] in drivers] == []


def _is_statement(name: str) -> bool:
    package, _, last = name.rpartition(".")
    return package.split(".")[0] in ("sqlalchemy", "sqlmodel") and last in STATEMENTS
