// Six digits by large keys, as on a bank's app; a keyboard's digits count as well. What was typed is never shown.
import { createElement as h, useEffect, useState } from "react";
import { DIGITS } from "./locking.js";
import { useWords } from "./words.js";
import "./words-pin.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "back"];

// `onDone` is given the digits and says what is wrong with them, if anything: an error's words, or nothing.
export function PinPad({ title, onDone }) {
  const { t } = useWords();
  const [typed, type] = useState("");
  const [said, say] = useState({ error: "", busy: false });
  const press = (key) => {
    if (said.busy) return;
    const next = key === "back" ? typed.slice(0, -1) : `${typed}${key}`.slice(0, DIGITS);
    type(next);
    if (next.length < DIGITS) return say({ error: key === "back" ? said.error : "", busy: false });
    say({ error: "", busy: true });
    onDone(next)
      .catch((error) => (console.error(error), t("pin.failed")))
      .then((error) => (type(""), say({ error: error ?? "", busy: false })));
  };
  useEffect(() => {
    const heard = ({ key, ctrlKey, altKey, metaKey }) => {
      if (ctrlKey || altKey || metaKey) return;
      if (/^[0-9]$/.test(key)) press(key);
      if (key === "Backspace") press("back");
    };
    addEventListener("keydown", heard);
    return () => removeEventListener("keydown", heard);
  });
  const key = (name, n) => {
    if (!name) return h("span", { key: n });
    const face = name === "back" ? h("svg", { className: "icon", "aria-hidden": true }, h("use", { href: "/icons/sprite.svg#delete" })) : name;
    return h("button", { key: n, type: "button", onClick: () => press(name), disabled: said.busy, "aria-label": name === "back" ? t("pin.back") : undefined }, face);
  };
  return h("div", { className: "pin-pad", role: "group", "aria-label": title },
    h("p", { className: "strong" }, title),
    h("div", { className: "pin-dots", role: "status", "aria-label": t("pin.typed", { n: typed.length, of: DIGITS }) },
      Array.from({ length: DIGITS }, (_, n) => h("i", { key: n, className: n < typed.length ? "on" : "", "aria-hidden": true }))),
    h("p", { className: "error", role: "alert" }, said.busy ? "" : said.error),
    h("div", { className: "pin-keys" }, KEYS.map(key)));
}

// What a try that failed says.
export const failureWords = (t, { wrong, wait }) => {
  const patience = wait > 0 ? t("pin.wait", { minutes: Math.ceil(wait / 60000) }) : "";
  return [wrong && t("pin.wrong"), patience].filter(Boolean).join(" ");
};
