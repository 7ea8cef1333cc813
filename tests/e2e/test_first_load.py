"""What the first opening of Hôm nay costs, and what a phone screen never does: a hard test on bytes."""

from playwright.sync_api import CDPSession, Playwright, expect

from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation

BUDGET = 250_000


class Wire:
    """Counts every byte that the page's own requests brought over the network, headers included."""

    def __init__(self, cdp: CDPSession) -> None:
        self.bytes, self.requests = 0, 0
        cdp.send("Network.enable")
        cdp.send("Network.setBypassServiceWorker", {"bypass": True})
        cdp.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict) -> None:
        self.bytes += int(event["encodedDataLength"])
        self.requests += 1


def test_the_first_load_of_today_stays_within_its_bytes_and_opens_no_socket(
    server: Server, playwright: Playwright
) -> None:
    world = server.do(build.world)
    browser = launch(playwright)
    joined = Person.arrive(browser, server.origin)
    joined.join(invitation(server, world.member.id))
    # A phone that has the session and nothing else: the network is asked for every file.
    newcomer = Person.arrive(browser, server.origin, storage_state=joined.context.storage_state())
    wire = Wire(newcomer.context.new_cdp_session(newcomer.page))
    newcomer.page.goto(f"{server.origin}/m/", wait_until="networkidle")
    expect(newcomer.page.get_by_role("heading", name="Hôm nay", exact=True)).to_be_visible()
    print(f"first load: {wire.bytes} bytes in {wire.requests} requests")
    assert 0 < wire.bytes <= BUDGET
    assert newcomer.sockets == []
    assert newcomer.foreign == []
    browser.close()
