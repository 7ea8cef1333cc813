// What tests of killing share: a phone that is killed at every point of a deed, one after the other, and opened again.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Phone } from "./life.js";
import { Server } from "./server.js";

const start = promisify(execFile);
export const LAN = 7;
export const MINH = 8;
let counter = 0;
export const uuid = () => `00000000-0000-7000-8000-${String(++counter).padStart(12, "0")}`;

export async function joined(token = "lan", phone = new Phone(new Server())) {
  const page = await phone.open();
  await page.joining.lookAt(token);
  await page.actions.join();
  await page.run(() => page.sync.kick());
  return phone;
}

export const photoOf = (text) => new TextEncoder().encode(text).buffer;
export const payload = (more = {}) => ({
  household: "h1", mode: "home", beneficiary: "person", people: 1, outcomes: [{ platform: "VNEID", result: "installed", steps: [], come_back_on: null }],
  identified_by: "list", card: null, note: "", photos: [], ...more,
});
export const record = (more = {}) => ({ id: uuid(), kind: "visit.create", schema: 1, author: LAN, made_at: 1, replaces: null, payload: payload(), ...more });

export async function pictured(page, text, more = {}) {
  const bytes = photoOf(text);
  const sha256 = await page.photos.sha256(bytes);
  const made = record({ payload: payload({ photos: [{ sha256, bytes: bytes.byteLength, type: "image/jpeg" }] }), ...more });
  return [made, { sha256, bytes, type: "image/jpeg", visit: made.id }];
}

// A draft as the screen makes it, with a picture.
export async function drafted(page, { outcome = "VNEID", door = false, picture = "a hand" } = {}) {
  const { actions, state } = page;
  if (door) {
    actions.openDoor();
    state.put({ door: { number: "12", head: "Lê Văn Ba", village: 11, error: "" } });
    await actions.submitDoor();
    await page.run(() => page.recording.settled());
    state.held.draft = { ...state.held.draft, bind: "HTTPS://TOSO/H/ABC", touched: true };
  } else await actions.recordHousehold("h1");
  actions.togglePlatform(outcome);
  actions.setResult(outcome, "installed");
  await actions.addPhoto(photoOf(picture));
  await actions.leave();
  await page.recording.settled();
}

export const sendAll = async (phone) => {
  phone.server.down = false;
  const page = await phone.open();
  await page.run(() => page.sync.kick());
  await page.run(() => page.sync.kick());
  return page;
};
export const photosWhole = (server) => server.of("visit.create").every((r) => r.payload.photos.every((p) => server.photos.get(`visits/${r.id}/photos/${p.sha256}`)?.length === p.bytes));

// What somebody does again after the phone came back: saves if the form is still there.
export async function saveIfOpen(phone) {
  const page = await phone.open();
  if (page.state.held.draft) await page.run(() => page.actions.saveVisit());
}

// Takes in what the server shows, on a page that has read it.
export async function shown(phone, rows, leads = false) {
  Object.assign(phone.server, { rows, leads });
  await phone.page.run(() => phone.page.sync.kick());
  await phone.page.state.refresh([...phone.page.state.MAPS, "records", "facts"]);
  return phone.page;
}

// The undo windows are over.
export const letGo = (page) => page.db.write(["records"], async (store) => {
  for (const one of await store("records").getAll()) await store("records").put({ ...one, hold_until: 0 });
});

export async function sendDecided(phone) {
  await letGo(await phone.open());
  return sendAll(phone);
}

export const formsOf = async (page) => Object.values((await page.db.getFact("forms")) ?? {}).filter(Boolean);

export async function opened(phone, module, name) {
  const page = await phone.open();
  return [page, (await page.bring(module))[name]];
}

async function killAnywhere({ prepare, act, after, check }) {
  const play = async (n) => {
    const phone = await joined();
    await prepare(phone);
    const { page } = phone;
    const points = await page.run(() => act(page), n);
    const { place } = page;
    try {
      if (n) await after?.(phone);
      await check(phone, phone.server);
      assert.deepEqual(phone.server.differing, []);
    } catch (error) {
      throw new Error(`killed at point ${n} of it (${place || "not at all"}): ${error.message}`, { cause: error });
    }
    return points;
  };
  const points = await play(0);
  assert.ok(points > 2, `${points} points`);
  for (let n = 1; n <= points; n++) await play(n);
  return points;
}

export const kill = (scenarios, address) => apart(Object.keys(scenarios), address, (name) => killAnywhere(scenarios[name]));

// Plays each scenario in a process of its own: every life of a page keeps its copies of the modules for good. `play` says
// how many points it passed.
export function apart(names, address, play) {
  const only = process.env.KILL_SCENARIO;
  // Without the runner: it watches every promise, and these are millions.
  if (only) return play(only).then((points) => console.log(`${points} points`));
  return describe("a phone is killed", { concurrency: 2 }, () => {
    for (const name of names) {
      test(`anywhere in ${name}`, async (t) => {
        const env = { ...process.env, KILL_SCENARIO: name };
        delete env.NODE_TEST_CONTEXT;
        const { stdout } = await start(process.execPath, [fileURLToPath(address)], { env, maxBuffer: 2 ** 26 }).catch((error) => {
          throw new Error(error.stderr);
        });
        // What waits for nothing that comes ends a process without a word.
        assert.match(stdout, /^\d+ points$/m);
        t.diagnostic(stdout.trim());
      });
    }
  });
}
