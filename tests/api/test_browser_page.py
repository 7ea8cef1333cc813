"""The plain page: whom it meets, and that it needs nothing new."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from fieldapp.api.app import create_api
from fieldapp.api.edge import Edge
from fieldapp.config import settings
from fieldapp.i18n import text

GOOD = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
ZALO = GOOD.replace("Android 14", "Android 14; wv") + " Zalo android/12100756"
OLD = GOOD.replace("140", "96")


async def product(scope: Scope, receive: Receive, send: Send) -> None:
    """The API, with a word in the place of the site."""
    answers = scope["path"].startswith("/browser/")
    await (create_api() if answers else PlainTextResponse("the site"))(scope, receive, send)


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Edge(product)), base_url="http://localhost:8000") as one:
        yield one


async def look(browser: httpx.AsyncClient, path: str, user_agent: str = GOOD, **headers: str) -> str:
    answer = await browser.get(path, headers={"user-agent": user_agent, **headers})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("path", ["/m", "/m/", "/m/join/", "/m/household/?id=1"])
async def test_phone_screens_open_where_they_work_and_nowhere_else(browser: httpx.AsyncClient, path: str) -> None:
    assert await look(browser, path) == "the site"
    assert text("browser.in_app_title") in await look(browser, path, ZALO)
    assert text("browser.old_title") in await look(browser, path, OLD)


@pytest.mark.parametrize("path", ["/", "/desk/", "/api/v1/session", "/manifest.webmanifest", "/members", "/m/x.js"])
async def test_everything_else_is_left_alone(browser: httpx.AsyncClient, path: str) -> None:
    assert await look(browser, path, ZALO) == "the site"


async def test_plain_http_from_elsewhere_is_told_of_https(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert text("browser.insecure_title") in await look(browser, "/m/join/", host="192.168.1.7:8000")
    monkeypatch.setenv("FIELDAPP_PUBLIC_ORIGIN", "https://toso.example.vn")
    settings.cache_clear()
    assert await look(browser, "/m/join/", host="toso.example.vn") == "the site"
    page = await look(browser, "/m/join/", host="192.168.1.7:8000")
    assert 'data-origin="https://toso.example.vn"' in page
    assert text("browser.in_app_title") in await look(browser, "/m/join/", ZALO, host="192.168.1.7:8000")


async def test_the_page_runs_in_old_browsers_under_a_tight_policy(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/m/join/", headers={"user-agent": OLD})
    assert re.search(r"script-src 'sha256-[\w+/=]+'", answer.headers["content-security-policy"])
    assert answer.headers["cache-control"] == "no-store"
    [script] = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert re.findall(r"=>|`|\b(?:const|let|class|async)\b", script) == []
    assert len(answer.content) < 6000


async def test_the_page_speaks_the_browsers_language(browser: httpx.AsyncClient) -> None:
    page = await look(browser, "/m/", ZALO, **{"accept-language": "en-GB,en;q=0.9"})
    assert text("browser.in_app_title", "en") in page
    assert '<html lang="en">' in page
