// The cases of tests/contract/push on the real outbox and sender; tests/api/test_contract.py plays them on the real
// server. Each person of a case has a phone; the server here says what the case says it says.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { EPOCH, freshPhone, json, ME, offline, outbox, page, serve, states, syncOnce } from "./phone.js";

const HERE = new URL("../contract/", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, HERE), "utf8"));
const DEFAULTS = read("push_defaults.json");

// Names stand for themselves here but for members, whose ids are numbers.
const memberId = (name) => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
const resolve = (value) =>
  Array.isArray(value) ? value.map(resolve)
  : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v)]))
  : typeof value === "string" && value.startsWith("@") ? memberId(value)
  : value;

function wireForm(who, { visit, ...given }) {
  const full = { ...DEFAULTS.record, author: who, ...given };
  if (visit) full.payload = { ...DEFAULTS.visit, ...visit };
  const { id, kind, schema, author, made_at, replaces, payload } = resolve(full);
  return { id, kind, schema, author, made_at: Date.now() + made_at * 1000, replaces, payload };
}

async function play(step, sent) {
  const { results, lost = false } = step;
  const fresh = (step.records ?? []).map((given) => wireForm(step.as, given));
  if (step.wiped) await freshPhone({ ...ME, id: memberId(step.as) });
  await outbox.add(fresh);
  const answer = () => (lost ? offline() : json({ results: resolve(results), epoch: EPOCH, server_time: Date.now() }));
  const requests = serve(["POST", "sync/push", answer], ["GET", "sync/pull", () => page({ me: { ...ME, id: memberId(step.as) } })]);
  await syncOnce();
  const [{ text, content }] = requests.filter((r) => r.path === "sync/push");
  const wire = fresh.map((r) => JSON.stringify(r));
  const expected = [...(step.again ?? []).map((id) => sent.get(id)), ...wire];
  assert.deepEqual(content.records.map((r) => JSON.stringify(r)), expected, "what goes over the wire is frozen");
  assert.ok(expected.every((one) => text.includes(one)));
  fresh.forEach((r, i) => sent.set(r.id, wire[i]));
  const now = await states();
  for (const [id, state] of Object.entries(step.phone ?? {})) assert.equal(now[id], state, `${id} is ${state}`);
  if (!lost) await keepsWhatWasSaid(results);
}

// A person can read later what the server said: the word, the code, the field, and who decided before.
async function keepsWhatWasSaid(results) {
  const held = new Map((await outbox.list()).map((r) => [r.id, r]));
  for (const { id, result, code, field, ...detail } of resolve(results)) {
    const record = held.get(id);
    assert.equal(record.result, result);
    assert.equal(record.code ?? undefined, code);
    assert.equal(record.field ?? undefined, field);
    assert.deepEqual(record.detail, detail);
  }
}

const released = readdirSync(new URL("released/", HERE)).map((version) => `released/${version}/payloads.json`);
for (const file of [...readdirSync(new URL("push/", HERE)).map((name) => `push/${name}`), ...released].sort()) {
  suite(file.replace(".json", ""), () => {
    for (const { name, steps } of read(file)) {
      test(name, async () => {
        for (const who of new Set(steps.map((step) => step.as))) {
          const sent = new Map();
          await freshPhone({ ...ME, id: memberId(who) });
          for (const step of steps.filter((s) => s.as === who)) await play(step, sent);
        }
      });
    }
  });
}
