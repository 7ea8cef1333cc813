// The quick report as a picture: drawn on the phone, light whatever its theme, numbers only.
import { placeWords, supports } from "./report-text.js";

const [WIDTH, EDGE, MOST_BARS] = [1080, 64, 8];
const [GROUND, CARD, INK, SOFT, SUNK, ACTION, ON_ACTION, DONE, WAIT] = ["#f4f1ea", "#ffffff", "#1d2321", "#4a5350", "#ebe7dd", "#0b5d50", "#ffffff", "#14602b", "#7a4a00"];
const font = (size, bold) => `${bold ? 700 : 400} ${size}px "Be Vietnam Pro", system-ui, sans-serif`;

// Gives a PNG, or nothing where the phone has no room for one. Everything is laid out first, so that the picture is as high as what it shows.
export async function drawReport(report, t) {
  await Promise.all([font(40, true), font(40, false)].map((one) => document.fonts.load(one))).catch(() => {});
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const blocks = [head(pen, report, t), figures(report, t), bars(pen, report, t), foot(report, t)];
  [canvas.width, canvas.height] = [WIDTH, blocks.reduce((sum, block) => sum + block.height, 0)];
  pen.fillStyle = GROUND;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  blocks.reduce((y, block) => (block.draw(pen, y), y + block.height), 0);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function head(pen, report, t) {
  const [team = "", commune = ""] = placeWords(report, t);
  const parts = [[t("report.picture_title"), 58, true], [report.own ? t("report.picture_own", { team }) : team, 44, true], [commune, 36, false], [t("report.picture_days", { days: report.days }), 36, false]];
  const lines = parts.flatMap(([words, size, bold]) => wrapped(pen, words, font(size, bold)).map((line, i) => [i ? line : line[0].toUpperCase() + line.slice(1), size, bold]));
  const height = 56 + lines.reduce((sum, [, size]) => sum + size * 1.36, 0) + 44;
  return {
    height,
    draw(pen, y) {
      pen.fillStyle = ACTION;
      pen.fillRect(0, y, WIDTH, height);
      let line = y + 56;
      for (const [words, size, bold] of lines) {
        write(pen, words, EDGE, line + size, size, bold, ON_ACTION);
        line += size * 1.36;
      }
    },
  };
}

function figures(report, t) {
  const half = (WIDTH - 2 * EDGE - 28) / 2;
  const of = [
    [supports(report), t("report.picture_supports"), report.approved, report.waiting],
    [report.households_standing, t("report.picture_households"), report.households_approved, report.households_standing - report.households_approved],
  ];
  const high = of.some(([, , , waiting]) => waiting) ? 300 : 256;
  return {
    height: 36 + high + 12,
    draw(pen, y) {
      of.forEach(([n, unit, approved, waiting], i) => {
        const x = EDGE + i * (half + 28);
        box(pen, x, y + 36, half, high, CARD, 28);
        write(pen, String(n), x + 36, y + 156, 108, true, INK);
        write(pen, unit, x + 36, y + 206, 36, true, SOFT);
        write(pen, t("report.picture_approved", { n: approved }), x + 36, y + 262, 33, true, DONE);
        if (waiting) write(pen, t("report.picture_waiting", { n: waiting }), x + 36, y + 308, 33, true, WAIT);
      });
    },
  };
}

function bars(pen, report, t) {
  const shown = report.platforms.slice(0, MOST_BARS);
  const others = report.platforms.slice(MOST_BARS);
  const most = Math.max(1, ...shown.map((row) => row.support));
  const [row, wide] = [98, WIDTH - 2 * EDGE];
  const rest = others.length ? t("report.picture_others", { count: others.length, n: others.reduce((sum, one) => sum + one.support, 0) }) : "";
  const height = 24 + 40 + Math.max(1, shown.length) * row + (rest ? 56 : 0) + 24;
  return {
    height,
    draw(pen, y) {
      box(pen, EDGE, y + 24, wide, height - 24, CARD, 28);
      if (!shown.length) write(pen, t("report.picture_none"), EDGE + 36, y + 120, 36, false, SOFT);
      shown.forEach(({ name, support }, i) => {
        const top = y + 58 + i * row;
        const count = t("unit.n_supports", { n: support });
        write(pen, count, EDGE + wide - 36, top + 38, 36, true, INK, "right");
        write(pen, name, EDGE + 36, top + 38, 36, true, INK, "left", wide - 120 - pen.measureText(count).width);
        box(pen, EDGE + 36, top + 54, wide - 72, 18, SUNK, 9);
        box(pen, EDGE + 36, top + 54, Math.max(18, ((wide - 72) * support) / most), 18, ACTION, 9);
      });
      if (rest) write(pen, rest, EDGE + 36, y + height - 40, 33, false, SOFT);
    },
  };
}

function foot(report, t) {
  const lines = [...(report.fresh ? [t("report.said_fresh", { at: report.fresh })] : []), t("report.picture_made")];
  return { height: 40 + lines.length * 48 + 32, draw: (pen, y) => lines.forEach((words, i) => write(pen, words, EDGE, y + 72 + i * 48, 33, false, SOFT)) };
}

function write(pen, words, x, y, size, bold, colour, align = "left", most = WIDTH) {
  [pen.font, pen.fillStyle, pen.textAlign] = [font(size, bold), colour, align];
  pen.fillText(words, x, y, most);
}

function box(pen, x, y, width, height, colour, radius) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(x, y, width, height, radius);
  pen.fill();
}

function wrapped(pen, words, face) {
  pen.font = face;
  const lines = [];
  for (const word of words.split(" ").filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= WIDTH - 2 * EDGE) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
