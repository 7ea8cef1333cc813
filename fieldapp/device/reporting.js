// Báo cáo nhanh: the numbers of Kết quả over some days, as a text and a picture, and what the leader says to them. A
// member who leads nothing reports what they did themselves.
import { getFact, setFact } from "./db.js";
import { holdsIdentity } from "./note.js";
import { doerOf } from "./outcomes.js";
import { drawReport } from "./report-picture.js";
import { daysWords, reportText } from "./report-text.js";
import { canShare, copy, share } from "./sharing.js";
import { data, derive, furnish, isKept, now, slice } from "./state.js";
import { rangeDays, summary } from "./summary.js";
import { vnDay, vnTime } from "./vn-time.js";
import { say } from "./words.js";

const NONE = { ready: false, span: "today", own: false, half: "", last_half: "", text: "", picture: "", difficulty: "", next: "", error: "", unsent: 0, shares: false };
const SILENT = { difficulty: "", next: "" };
const [FACT, FILE] = ["report_words", "bao-cao-nhanh.png"];
let range = "today";
let kept = null;
let drawn = { of: "", url: "", file: null };

furnish({ report: NONE }, (visits, speech) => {
  if (!kept) read();
  const day = vnDay(now());
  const days = (name) => daysWords(...rangeDays(name, day));
  const { difficulty, next } = words(day);
  const report = { ...numbers(visits, speech), days: days(range), difficulty, next };
  const error = holdsIdentity(difficulty) || holdsIdentity(next) ? "problem.note_identity" : "";
  picture(report);
  return {
    report: {
      ready: true, span: range, own: report.own, half: days("half"), last_half: days("last_half"), text: reportText(report, say), picture: drawn.url,
      difficulty, next, error, unsent: report.unsent, shares: canShare(),
    },
  };
});

function numbers(visits, speech) {
  const { me, pulled_at: pulled, offset } = data;
  const pulled_at = pulled && pulled + offset;
  const own = !me?.villages.some((v) => v.led);
  const counted = own ? visits.filter((v) => doerOf(v) === me?.id) : visits;
  const fresh = pulled_at ? `${vnTime(pulled_at)}, ${daysWords(vnDay(pulled_at), vnDay(pulled_at))}` : "";
  return { ...summary(data, counted, range, now(), speech), own, team: me?.team ?? "", commune: me?.commune?.name ?? "", fresh };
}

// What was said to a range stands until other days are meant by it.
function words(day) {
  const said = kept?.[range];
  return said?.first === rangeDays(range, day)[0] ? said : SILENT;
}

async function read() {
  kept = {};
  kept = { ...(await getFact(FACT)), ...kept };
  derive();
}

// Drawn before it is asked for: a share sheet opens only right after the tap. One of other numbers is never given out.
async function picture({ difficulty, next, ...report }) {
  const of = JSON.stringify([report, say("report.picture_title")]);
  if (of === drawn.of || !location.pathname.startsWith("/m/report")) return;
  drawn = { ...drawn, of, file: null };
  const blob = await drawReport(report, say);
  if (drawn.of !== of || !blob) return;
  URL.revokeObjectURL(drawn.url);
  drawn = { of, url: URL.createObjectURL(blob), file: new File([blob], FILE, { type: "image/png" }) };
  derive();
}

export const reporting = {
  setRange(name) {
    range = name;
    derive();
  },
  write(name, value) {
    const day = vnDay(now());
    kept = { ...kept, [range]: { ...words(day), first: rangeDays(range, day)[0], [name]: value } };
    derive();
    return isKept(setFact(FACT, kept));
  },
  share: () => slice("report").error || share(slice("report").text, drawn.file),
  save: () => drawn.file && Object.assign(document.createElement("a"), { href: drawn.url, download: FILE }).click(),
  copy: () => slice("report").error || copy(slice("report").text),
};
