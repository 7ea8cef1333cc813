// Who is in a picture, did they agree, is it blurred: what a draft says of it, and when a visit may be saved.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as consent from "../../fieldapp/device/consent.js";
import * as drafts from "../../fieldapp/device/draft.js";

const begun = (more = {}) => ({ ...drafts.togglePlatform(drafts.begin("h1", "list", null, null), "VNEID", "installed"), photos: ["a", "b"], looking: "a", ...more });
const agreed = (draft, hash, way = "oral") => consent.setWay(consent.setAgreed(consent.setClear(draft, hash, true), hash, true), hash, way);
const bytes = (sha256) => ({ sha256, type: "image/jpeg", bytes: new ArrayBuffer(3) });
const sent = (draft, photos = [bytes("a"), bytes("b")]) => drafts.toRecords(draft, photos, 7, 1000).at(-1).payload.photos;

test("nothing is said of a picture before somebody says it", () => {
  assert.deepEqual(consent.saidOf(begun(), "a"), { clear: false, agreed: false, way: "", blurred: false });
  assert.equal(drafts.missing(begun()), "");
});

test("a clear face keeps the visit from being saved until they agreed in some way", () => {
  const clear = consent.setClear(begun(), "b", true);
  const ticked = consent.setAgreed(clear, "b", true);
  const steps = [clear, ticked, consent.setWay(ticked, "b", "signed"), consent.setClear(clear, "b", false)];
  assert.deepEqual(steps.map(drafts.missing), ["face_open", "face_open", "", ""]);
});

test("no answer outlives the question above it", () => {
  const again = consent.setClear(consent.setClear(agreed(begun(), "a"), "a", false), "a", true);
  assert.deepEqual([again.faces.a.agreed, again.faces.a.way], [false, ""]);
  const taken_back = consent.setAgreed(consent.setAgreed(agreed(begun(), "a"), "a", false), "a", true);
  assert.equal(taken_back.faces.a.way, "");
});

test("the consent goes beside its photo, and photos without one are as they were", () => {
  assert.deepEqual(sent(agreed(begun(), "b", "signed")), [
    { sha256: "a", bytes: 3, type: "image/jpeg" },
    { sha256: "b", bytes: 3, type: "image/jpeg", consent: { way: "signed", text_version: consent.TEXT_VERSION } },
  ]);
});

test("a blurred picture takes the place of the clear one, and needs nobody any more", () => {
  const blurred = consent.blur(consent.setClear(begun(), "a", true), "a", "blocks");
  assert.deepEqual([blurred.photos, blurred.looking, Object.keys(blurred.faces)], [["blocks", "b"], "blocks", ["blocks"]]);
  assert.deepEqual(blurred.faces.blocks, { clear: false, agreed: false, way: "", blurred: true });
  assert.equal(drafts.missing(blurred), "");
});

test("those who agreed still do when something else is blurred", () => {
  const blurred = consent.blur(agreed(begun(), "a"), "a", "blocks");
  assert.deepEqual(sent(blurred, [bytes("blocks")])[0].consent, { way: "oral", text_version: consent.TEXT_VERSION });
});

test("a face that is still clear after blurring is said again", () => {
  const again = consent.setClear(consent.blur(consent.setClear(begun(), "a", true), "a", "blocks"), "blocks", true);
  assert.equal(drafts.missing(again), "face_open");
});

test("a picture that is dropped takes its answers along", () => {
  const left = consent.drop(consent.setClear(begun(), "a", true), "a");
  assert.deepEqual([left.photos, left.faces, left.looking, drafts.missing(left)], [["b"], {}, "", ""]);
});

const OLD = { way: "signed", text_version: 0 };
const visit = { id: "v1", state: "returned", household: "h1", identified_by: "list", people: 1, mode: "home", beneficiary: "person", outcomes: [{ platform: "VNEID", result: "installed" }] };
const photo = (sha256, more = {}) => ({ sha256, bytes: 3, type: "image/jpeg", ...more });

test("a mended visit keeps the consent of the photos that it keeps, with the words of then", () => {
  const record = { id: "v1", replaces: null, payload: { card: null, photos: [photo("a", { consent: OLD }), photo("b")] } };
  assert.deepEqual(sent(drafts.mend({ ...visit, record }, [])).map((p) => p.consent), [OLD, undefined]);
  const pulled = { ...visit, photos: [photo("a", { state: "ready", consent: OLD })] };
  assert.deepEqual(sent(drafts.mend(pulled, []), []), [photo("a", { consent: OLD })]);
});

test("a draft of before is saved as it was", () => {
  const { faces, looking, ...old } = begun();
  assert.equal(drafts.missing(old), "");
  assert.deepEqual(sent(old), [photo("a"), photo("b")]);
});

test("the words that are agreed to are in the catalogue", () => {
  const words = JSON.parse(readFileSync(new URL("../../assets/i18n/vi/picture.json", import.meta.url), "utf8"));
  assert.deepEqual([consent.TEXT_VERSION, words["picture.agreed"]], [1, "Người trong ảnh đã đồng ý"], "other words have another number");
});
