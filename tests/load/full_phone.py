"""A phone that has been carried for a year: how it starts, and how its roster is searched."""

from statistics import median

from playwright.sync_api import Playwright, expect

from tests import build
from tests.e2e.people import Person, launch
from tests.e2e.stage import Server, invitation
from tests.load.figures import Figure, print_figures
from tests.load.screens import MARKED, SLOWER, USABLE

HOUSEHOLDS, VISITS, PHOTOS, ROUNDS = 1_600, 5_000, 300, 5

FILL = """async ([households, visits, photos]) => {
    const db = await new Promise((done) => { indexedDB.open("toso").onsuccess = (e) => done(e.target.result); });
    const get = (store) => new Promise((done) => {
        db.transaction(store).objectStore(store).getAll().onsuccess = (e) => done(e.target.result);
    });
    const [[home], [visit]] = [await get("households"), await get("visits")];
    const stores = ["households", "visits", "photos", "photo_bytes"];
    const transaction = db.transaction(stores, "readwrite");
    const put = (store, ...given) => transaction.objectStore(store).put(...given);
    for (let n = 0; n < households; n++) {
        put("households", { ...home, id: `home-${n}`, number: `${n + 100}`, head: `Đinh Thị Mỹ Duyên ${n}` });
    }
    for (let n = 0; n < visits; n++) {
        const made_at = visit.made_at - (n % 180) * 86400000;
        const day = new Date(made_at + 25200000).toISOString().slice(0, 10);
        const named = n % 3 ? [] : [{ sha256: `photo-${n}`, bytes: 150000, type: "image/jpeg", state: "ready" }];
        const more = { household: `home-${n % households}`, photos: named, made_at, day };
        put("visits", { ...visit, id: `visit-${n}`, ...more, state: n % 50 ? "approved" : "waiting" });
    }
    for (let n = 0; n < photos; n++) {
        const sent = [`visit-${n}`];
        put("photos", { sha256: `photo-${n}`, type: "image/jpeg", bytes: 150000, visits: sent, done: sent });
        put("photo_bytes", new ArrayBuffer(150000), `photo-${n}`);
    }
    await new Promise((done) => { transaction.oncomplete = done; });
    db.close();
}"""

SEARCH = """async (typed) => {
    const input = document.querySelector("input[type=search]");
    const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    const began = performance.now();
    setter.call(input, typed);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - began;
}"""


def measure(playwright: Playwright, server: Server) -> list[Figure]:
    world = server.do(build.world)
    server.do(lambda db: build.send(db, world.member, build.visit(world.member, world.households[0])))
    browser = launch(playwright)
    phone = Person.arrive(browser, server.origin)
    phone.join(invitation(server, world.member.id))
    phone.page.evaluate(FILL, [HOUSEHOLDS, VISITS, PHOTOS])
    server.kill()
    phone.lose_network()
    phone.page.add_init_script(MARKED)
    phone.context.new_cdp_session(phone.page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    starts = []
    for _ in range(ROUNDS + 1):
        phone.page.reload(wait_until="commit")
        starts.append(phone.page.evaluate(USABLE))
    phone.open("/m/households/")
    expect(phone.page.locator("main ul.list li").first).to_be_visible()
    searches = [
        phone.page.evaluate(SEARCH, typed) for typed in ("d", "du", "duy", "duyen 15", "", "1599", "dinh", "my")
    ]
    browser.close()
    figures = [
        Figure(f"start with {VISITS:,} visits, CPU {SLOWER} times slower, median", median(starts[1:]), "ms", 1_500),
        Figure(f"start with {VISITS:,} visits, longest of {ROUNDS}", max(starts[1:]), "ms"),
        Figure(f"search in {HOUSEHOLDS:,} households, CPU {SLOWER} times slower, median", median(searches), "ms", 100),
        Figure(f"search in {HOUSEHOLDS:,} households, longest of {len(searches)}", max(searches), "ms"),
    ]
    print_figures("A full phone", figures)
    return figures
