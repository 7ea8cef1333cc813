"""The main job in WebKit, the engine of every browser on an iPhone: opened, joined, recorded, sent.

What no WebKitGTK can show for an iPhone stands in docs/operations.md.
"""

from pathlib import Path

from sqlalchemy import select

from fieldapp.db import Database
from models.visit import Visit
from tests import build
from tests.e2e.stage import Server, invitation
from tests.e2e.webkit import launch


def test_webkit_opens_joins_records_and_sends(server: Server, tmp_path: Path) -> None:
    world = server.do(build.world)
    with launch(tmp_path / "webkit") as browser:
        browser.open(invitation(server, world.member.id))
        browser.see(world.member.full_name)
        browser.tap("Tham gia")
        browser.see("Đã gửi hết")
        assert browser.await_run("navigator.serviceWorker.ready.then((r) => !!r.active)") is True
        assert browser.run("return isSecureContext && 'locks' in navigator") is True

        server.kill()
        browser.tap("Chọn hộ")
        browser.tap("Nguyễn Văn 3")
        browser.tap("Ghi nhận hỗ trợ")
        browser.see("Đã hỗ trợ nền tảng nào?")
        browser.tap("VNEID")
        browser.tap("Đã cài đặt")
        browser.tap("Lưu")
        browser.see("Đã lưu trên máy")
        browser.see("1 chờ gửi")
        browser.open(f"{server.origin}/m/")
        browser.see("1 chờ gửi")

        server.start()
        browser.open(
            f"{server.origin}/m/"
        )  # It sends by itself, as soon as it notices: a button may be gone before a tap.
        browser.see("Đã gửi hết")
    assert server.do(visits) == [world.households[2].id]


async def visits(db: Database) -> list[object]:
    async with db.read() as session:
        return list((await session.execute(select(Visit.household_id))).scalars())
