// The quick report: its numbers are those of the raw visits, and its text is one that a group can read.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { asks, hinders, messageText } from "../../fieldapp/device/messages.js";
import { guides, numberIn } from "../../fieldapp/device/guides.js";
import { holdsIdentity } from "../../fieldapp/device/note.js";
import { daysWords, MOST, MOST_WORDS, reportText } from "../../fieldapp/device/report-text.js";
import { rangeDays, summary } from "../../fieldapp/device/summary.js";
import { fill } from "../../fieldapp/device/places.js";
import { HELPED } from "../../fieldapp/device/outcomes.js";
import { addDays, vnDay } from "../../fieldapp/device/vn-time.js";

const read = (path) => JSON.parse(readFileSync(new URL(`../../assets/${path}`, import.meta.url), "utf8"));
const CATALOGUE = { vi: read("i18n/vi/report.json"), en: read("i18n/en/report.json") };
const speak = (locale) => (key, params) => (params ? fill(CATALOGUE[locale][key], params) : CATALOGUE[locale][key]);
const [vi, en] = [speak("vi"), speak("en")];
const report = (more = {}) => ({
  own: false, team: "Tổ công nghệ số cộng đồng thôn Đông Hòa", commune: "Xã Ba Tơ", days: "01–14/8", approved: 86, waiting: 0, households_approved: 41, households_standing: 41,
  platforms: [{ name: "VNeID", support: 30 }, { name: "DVC", support: 22 }], difficulty: "", next: "", fresh: "", ...more,
});

test("the text has the shape that communes know", () => {
  const whole = report({ difficulty: "sóng yếu ở xóm 3", next: "hẹn lại 12 hộ", fresh: "20:15, 14/8" });
  assert.equal(reportText(whole, vi), "BÁO CÁO NHANH – Tổ CNSCĐ thôn Đông Hòa, xã Ba Tơ (01–14/8): 86 lượt; 41 hộ; VNeID 30; DVC 22. Khó khăn: sóng yếu ở xóm 3. Kỳ tới: hẹn lại 12 hộ. Số liệu lúc 20:15, 14/8.");
  assert.equal(reportText(report(), vi), "BÁO CÁO NHANH – Tổ CNSCĐ thôn Đông Hòa, xã Ba Tơ (01–14/8): 86 lượt; 41 hộ; VNeID 30; DVC 22.");
  assert.match(reportText(report({ own: true }), vi), /^BÁO CÁO NHANH – Thành viên Tổ CNSCĐ thôn Đông Hòa, xã Ba Tơ \(01–14\/8\): /);
  assert.match(reportText(report(), en), /^QUICK REPORT – .*: 86 supports; 41 households; VNeID 30; DVC 22\.$/);
});

test("what waits is told apart from what is approved", () => {
  const waits = reportText(report({ approved: 80, waiting: 6, households_approved: 38 }), vi);
  assert.ok(waits.includes("86 lượt (80 đã duyệt, 6 chờ duyệt); 41 hộ (38 đã duyệt); VNeID 30"), waits);
  assert.ok(reportText(report({ approved: 0, waiting: 6, households_approved: 0, households_standing: 2 }), vi).includes("6 lượt (0 đã duyệt, 6 chờ duyệt); 2 hộ (0 đã duyệt)"));
});

test("a name without a division, a sentence with an end of its own and lines of their own stay readable", () => {
  assert.ok(reportText(report({ commune: "Sơn Tịnh" }), vi).includes("thôn Đông Hòa, Sơn Tịnh ("));
  assert.ok(reportText(report({ commune: "" }), vi).includes("thôn Đông Hòa (01–14/8)"));
  assert.ok(reportText(report({ difficulty: " mất điện\n\n2 hôm! ", next: "" }), vi).endsWith("DVC 22. Khó khăn: mất điện 2 hôm!"));
  assert.ok(reportText(report({ difficulty: "{place} $& {days}" }), vi).includes("Khó khăn: {place} $& {days}."));
});

// Whole numbers from 0 to below n, the same ones in every run.
function dice(seed) {
  let state = seed;
  return (n) => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.floor((state / 4294967296) * n);
  };
}

test("no report is longer than a message that is read, and platforms go from the smallest up", () => {
  const roll = dice(335);
  const syllables = ["Nghiêng", "Trường", "Khuếch", "ữ", "Ặng", "Đường", "Xuyến", "Kbang", "Ngoằn", "ngoèo", "👩‍🌾"];
  const name = (most) => Array.from({ length: 1 + roll(most) }, () => syllables[roll(syllables.length)]).join(" ");
  for (let i = 0; i < 3000; i++) {
    const platforms = Array.from({ length: roll(40) }, (_, n) => ({ name: `${name(8)} ${n}`, support: 1 + roll(99999) })).sort((a, b) => b.support - a.support);
    const text = reportText(report({
      platforms, team: name(30), commune: name(20), days: "27/10–02/11", approved: roll(9999999), waiting: roll(9999999), households_approved: roll(99999), households_standing: roll(999999),
      difficulty: roll(3) ? name(60) : "", next: roll(3) ? name(60) : "", fresh: "20:15, 23/11", own: !roll(2),
    }), roll(2) ? vi : en);
    assert.ok(text.length <= MOST, `${text.length}: ${text}`);
    assert.ok(text.isWellFormed(), text);
    const named = platforms.map((p) => text.includes(`; ${p.name} ${p.support}`));
    assert.equal(named.lastIndexOf(true), named.filter(Boolean).length - 1, text);
    assert.equal(text.includes("; …. "), named.includes(false), text);
    const next = platforms[named.filter(Boolean).length];
    if (next) assert.ok(text.length + `; ${next.name} ${next.support}`.length > MOST - 3, `room was left: ${text}`);
  }
});

test("the numbers are those of the raw visits, whatever they are", () => {
  const roll = dice(14);
  const pick = (of) => of[roll(of.length)];
  const NOON = Date.parse("2026-11-18T05:00:00Z");
  const platforms = ["VNEID", "DVC", "SSK", "GHS"].map((code) => ({ code, short_vi: code, icon: "globe" }));
  for (let i = 0; i < 300; i++) {
    const visits = Array.from({ length: roll(60) }, () => ({
      day: addDays(vnDay(NOON), -roll(40)), state: pick(["approved", "waiting", "returned", "unsent", "sent", "parked", "held"]), household: `h${roll(9)}`, people: 1 + roll(3),
      author: roll(3), author_name: "", outcomes: platforms.filter(() => roll(2)).map((p) => ({ platform: p.code, result: pick(["introduced", "installed", "independent", "absent", "refused"]) })),
    }));
    const range = pick(["today", "week", "month", "half", "last_half"]);
    const [first, last] = rangeDays(range, vnDay(NOON));
    const numbers = summary({ platforms, households: new Map(), pulled_at: NOON }, visits, range, NOON, "vi");
    const said = reportText({ ...numbers, own: false, team: "Tổ", commune: "", days: daysWords(first, last), difficulty: "", next: "", fresh: "" }, vi);

    let [approved, waiting] = [0, 0];
    const [sure, all, by] = [new Set(), new Set(), {}];
    for (const v of visits) {
      if (v.day < first || v.day > last || !["approved", "waiting"].includes(v.state)) continue;
      for (const o of v.outcomes) {
        if (v.state === "approved") approved += 1;
        else waiting += 1;
        by[o.platform] = (by[o.platform] ?? 0) + 1;
        if (HELPED.has(o.result)) all.add(v.household) && v.state === "approved" && sure.add(v.household);
      }
    }
    const supports = waiting ? `${approved + waiting} lượt (${approved} đã duyệt, ${waiting} chờ duyệt)` : `${approved} lượt`;
    const households = all.size === sure.size ? `${all.size} hộ` : `${all.size} hộ (${sure.size} đã duyệt)`;
    assert.ok(said.includes(`: ${supports}; ${households}`), `${supports}; ${households} | ${said}`);
    for (const [name, n] of Object.entries(by)) assert.ok(said.includes(`; ${name} ${n}`), said);
    assert.equal(said.split("; ").length, 2 + Object.keys(by).length, said);
  }
});

test("halves of a month end on the 14th and on its last day", () => {
  const halves = (day) => [rangeDays("half", day), rangeDays("last_half", day)].map((days) => daysWords(...days));
  assert.deepEqual(halves("2026-08-14"), ["01–14/8", "15–31/7"]);
  assert.deepEqual(halves("2026-08-15"), ["15/8", "01–14/8"]);
  assert.deepEqual(halves("2026-08-31"), ["15–31/8", "01–14/8"]);
  assert.deepEqual(halves("2028-03-01"), ["01/3", "15–29/2"]);
  assert.deepEqual(halves("2027-01-01"), ["01/1", "15–31/12"]);
  assert.equal(daysWords(...rangeDays("week", "2026-12-01")), "30/11–01/12");
});

const CODES = Object.keys(CATALOGUE.vi).filter((key) => /^message\.\w+\.text$/.test(key)).map((key) => key.split(".")[1]);

test("every text for the group fits a message, says who speaks, and holds nothing of anybody", () => {
  assert.ok(CODES.length >= 5 && CODES.length <= 8);
  for (const t of [vi, en]) {
    for (const code of CODES) {
      const text = messageText(code, { team: "Tổ CNSCĐ thôn Đông Hòa", day: "19 giờ thứ Bảy, 28/11", place: "Nhà văn hóa thôn" }, t);
      assert.ok(text.length <= MOST && text.endsWith("\nTổ CNSCĐ thôn Đông Hòa"), text);
      assert.ok(!/[{}]/.test(text) && !holdsIdentity(text), text);
    }
  }
});

test("a text goes when its places are filled, and never with somebody's number", () => {
  assert.deepEqual([asks("session", vi), asks("scam", vi)], [["day", "place"], []]);
  assert.ok(messageText("session", { team: "", day: " ", place: "Nhà rông" }, vi).includes("Thời gian: ……\nĐịa điểm: Nhà rông"));
  const day = "28/11";
  assert.deepEqual([{}, { day }, { day, place: " " }, { day, place: "gọi 0905 123 456" }, { day, place: "Nhà rông" }].map((filled) => hinders("session", filled, vi)), ["message.missing", "message.missing", "message.missing", "problem.note_identity", ""]);
  assert.equal(hinders("scam", {}, vi), "");
});

const GUIDES = { vi: read("guides/vi.json"), en: read("guides/en.json") };
const SEED = JSON.parse(readFileSync(new URL("../../fieldapp/services/data/platforms.json", import.meta.url), "utf8"));
const PLATFORMS = SEED.map((p) => ({ code: p.code, vi: p.name_vi, en: p.name_en, icon: p.icon, gone: p.approved === false }));
const shape = ({ about, steps, troubles, safe }) => [typeof about, steps.length, troubles.map((one) => Object.keys(one).join()), typeof safe];

test("there is a guide for every platform of the catalogue, of the same steps in both languages", () => {
  for (const { code } of SEED) {
    assert.deepEqual(shape(GUIDES.vi[code]), shape(GUIDES.en[code]), code);
    const { steps, troubles } = GUIDES.vi[code];
    assert.ok(steps.length >= 4 && steps.length <= 7 && troubles.length >= 1, code);
  }
  assert.deepEqual(Object.keys(GUIDES.vi).sort(), SEED.map((p) => p.code).sort());
});

test("guides name no sums and no numbers of people, and no address but those of the state", () => {
  for (const text of Object.values(GUIDES).flatMap((one) => JSON.stringify(one))) {
    assert.ok(!holdsIdentity(text));
    assert.doesNotMatch(text, /\d\s*(đồng|đ\b|VND)|https?:/);
    for (const address of text.match(/\b[\w-]+(\.[\w-]+)*\.(vn|com)\b/g)) assert.match(address, /gov\.vn$/);
  }
});

test("a guide is found without marks, by its name and by what it says, and those of other platforms are not there", () => {
  const found = (query, locale = "vi") => guides(GUIDES[locale], PLATFORMS, query, "", locale).lines.map((line) => line.code);
  assert.deepEqual(found("vssid"), ["VSSID"]);
  assert.ok(found("lua dao").includes("ATTT") && !found("lua dao").includes("CKS"));
  assert.ok(found("password", "en").includes("VNEID"));
  assert.deepEqual(found("zzz"), []);
  assert.equal(found("").length, PLATFORMS.filter((p) => !p.gone).length);
  const opened = guides(GUIDES.vi, PLATFORMS, "", "DVC", "vi");
  assert.deepEqual([opened.found, opened.name, opened.steps.length], [true, PLATFORMS[1].vi, GUIDES.vi.DVC.steps.length]);
  assert.equal(guides(GUIDES.vi, PLATFORMS, "", "toString", "vi").found, false);
});

test("the commune is called by the first number of its contact", () => {
  assert.deepEqual(["UBND xã Ba Tơ, điện thoại 0255 000 000 (giờ hành chính)", "+84 255.000.000 hoặc 0255 111 111", "gặp cán bộ văn hóa", "tầng 2", ""].map(numberIn), ["0255000000", "+84255000000", "", "", ""]);
});
