"""Settings that cannot be served together are named before anything starts."""

from collections.abc import Iterator

import pytest

from fieldapp.cli.serve import require_fitting
from fieldapp.config import settings
from fieldapp.problems import Problem
from tests import valkey

POSTGRES = "postgresql+asyncpg://nobody@localhost/none"
NOBODY_THERE = "redis://127.0.0.1:1/0"


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with valkey.server() as address:
        yield address


def fit(monkeypatch: pytest.MonkeyPatch, **chosen: str) -> None:
    for name, value in chosen.items():
        monkeypatch.setenv(f"FIELDAPP_{name.upper()}", value)
    settings.cache_clear()
    require_fitting()


REFUSED = {
    "many workers on SQLite": ({"workers": "2", "redis_url": NOBODY_THERE}, "workers_need_postgresql"),
    "many workers without Redis": ({"workers": "2", "database_url": POSTGRES}, "workers_need_redis"),
    "a Redis that does not answer": ({"redis_url": NOBODY_THERE}, "redis_unreachable"),
    "a Redis address that is none": ({"redis_url": "localhost"}, "redis_unreachable"),
    "a photo store that is no whole path": ({"photo_store": "photos"}, "photo_store_unknown"),
    "a proxy by its name": ({"proxies": "10.0.0.1, proxy.example.vn"}, "proxies_unknown"),
    "a receiver by its name": ({"webhook_networks": "so.example.vn"}, "receivers_unknown"),
    "every proxy there is": ({"proxies": "*"}, "proxies_unknown"),
    "proxies without commas": ({"proxies": "10.0.0.1 10.0.0.2"}, "proxies_unknown"),
    "a photo store elsewhere": ({"photo_store": "ftp://host/photos"}, "photo_store_unknown"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    chosen, code = REFUSED[case]
    with pytest.raises(Problem, match=code):
        fit(monkeypatch, **chosen)


def test_one_worker_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    fit(monkeypatch)


def test_proxies_may_stand_with_blanks_and_host_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    fit(monkeypatch, proxies=" 10.0.0.1 , 192.168.7.1/24,2001:db8::1, ")
    assert settings().trusted_proxies == [
        "10.0.0.1/32",
        "::ffff:a00:1/128",
        "192.168.7.0/24",
        "::ffff:c0a8:700/120",
        "2001:db8::1/128",
    ]


def test_many_workers_with_both_fit(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    fit(monkeypatch, workers="4", database_url=POSTGRES, redis_url=f"{redis_url}/3", photo_store="s3://toso/photos")
