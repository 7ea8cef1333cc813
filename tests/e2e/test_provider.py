"""An officer comes in by the province's own provider, in a browser: there and back, or told why not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import update

from fieldapp.db import Database
from models.account import Account
from tests import build
from tests.e2e.people import DESK, Person, launch
from tests.e2e.stage import Server
from tests.oidc_provider import CLIENT, SECRET, TestProvider, running

NAME = "Tài khoản của tỉnh"


@pytest.fixture
def provider() -> Iterator[TestProvider]:
    with running() as provider:
        yield provider


@pytest.fixture
def given(given: dict[str, str], provider: TestProvider) -> dict[str, str]:
    said = {"ISSUER": provider.issuer, "CLIENT": CLIENT, "SECRET": SECRET, "NAME": NAME}
    return given | {f"FIELDAPP_OIDC_{name}": value for name, value in said.items()}


def test_one_press_leads_to_the_desk_and_whom_nobody_knows_back_to_the_front_page(
    server: Server, provider: TestProvider, playwright: Playwright
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    desk = Person.arrive(browser, server.origin, DESK)
    desk.open("/")
    desk.page.get_by_role("link", name=NAME).click()
    expect(desk.page.get_by_role("alert")).to_contain_text("Chưa có tài khoản nào ở đây")
    assert desk.page.url.startswith(server.origin)

    async def known(db: Database) -> None:
        table = Account.__table__
        async with db.write() as session:
            named = update(table).where(table.c.id == world.commune_officer.id)
            await session.execute(named.values(provider_name=provider.person["email"]))

    server.do(known)
    desk.page.get_by_role("link", name=NAME).click()
    expect(desk.page.get_by_role("heading", name=world.commune.name)).to_be_visible()
    assert desk.errors == []
    browser.close()
