// Hints as cards. Drawn by hand in React, so that they come as a piece of their own, when there is one to show.
import { createElement as h, useState } from "react";
import { hinting } from "./hinting.js";
import { useSlice } from "./store.js";
import { useWords } from "./words.js";
import "./words-hints.js";

const icon = (name) => h("svg", { className: "icon", "aria-hidden": true }, h("use", { href: `/icons/sprite.svg#${name}` }));
const button = (kind, onClick, ...children) => h("button", { type: "button", className: `button ${kind}`, onClick }, ...children);

const STEPS = {
  ios: [["share", "ios_share"], ["square-plus", "ios_add"], ["house", "ios_join"]],
  android: [["ellipsis-vertical", "android_menu"], ["square-plus", "android_add"]],
};

function Steps({ ios }) {
  const { t } = useWords();
  return h("ol", { className: "steps" }, STEPS[ios ? "ios" : "android"].map(([name, key]) =>
    h("li", { key }, h("span", { className: "n" }, icon(name)), h("span", null, t(`install.${key}`)))));
}

function Install({ offered, ios, open, onLater }) {
  const { t } = useWords();
  const [shown, show] = useState(open);
  const way = offered ? button("compact grow", hinting.install, icon("download"), t("install.do")) : !shown && button("compact grow", () => show(true), t("install.how"));
  const later = onLater && button("compact", onLater, t("install.later"));
  return h("section", { className: "card stack" },
    h("div", { className: "row top" }, icon("smartphone"),
      h("div", { className: "grow stack tight" }, h("h2", null, t("install.title")), h("p", { className: "soft small" }, t("install.why")))),
    shown && !offered && h(Steps, { ios }),
    (way || later) && h("div", { className: "row" }, way, later));
}

function Ask({ kind, busy }) {
  const { t } = useWords();
  return h("section", { className: "card stack" },
    h("div", { className: "row top" }, icon("bell"),
      h("div", { className: "grow stack tight" }, h("h2", null, t(`notice.ask_${kind}`)), h("p", { className: "soft small" }, t("notice.means")))),
    h("div", { className: "row" },
      h("button", { type: "button", className: "button compact grow", disabled: busy, onClick: hinting.turnOn }, icon("bell"), t("notice.on")),
      button("compact", hinting.decline, t("notice.no"))));
}

// The card that a screen may have to show, of the kind that it has room for.
export function HintCard({ only }) {
  const { ask, install, busy, ios } = useSlice("hints");
  if (only === "notices") return ask && h(Ask, { kind: ask, busy });
  return install && h(Install, { offered: install === "prompt", ios, open: false, onLater: hinting.installLater });
}

// Under Tôi: both again, whatever was said before.
export function OwnHints() {
  const { t } = useWords();
  const { notices, busy, prompts, ios, standalone } = useSlice("hints");
  const on = notices === "is_on";
  const toggle = (on || notices === "is_off") && h(
    "button", { type: "button", className: "button wide", disabled: busy, onClick: on ? hinting.turnOff : hinting.turnOn },
    icon(on ? "bell-off" : "bell"), t(on ? "notice.turn_off" : "notice.turn_on"));
  return [
    notices && h("section", { key: "notices", className: "card stack" },
      h("h2", null, t("notice.title")), h("p", null, t(`notice.${notices}`)), h("p", { className: "soft small" }, t("notice.means")), toggle),
    !standalone && h(Install, { key: "install", offered: prompts, ios, open: true }),
  ];
}
