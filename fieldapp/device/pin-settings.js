// Under Tôi: a PIN set, changed or taken off.
import { createElement as h, useEffect, useRef, useState } from "react";
import { locking } from "./locking.js";
import { failureWords, PinPad } from "./pin-pad.js";
import { useSlice } from "./store.js";
import { useWords } from "./words.js";
import "./words-pin.js";

const button = (kind, onClick, words) => h("button", { type: "button", className: `button ${kind}`, onClick }, words);

export function PinSettings() {
  const { t } = useWords();
  const { ready, on } = useSlice("pin");
  const [way, go] = useState("");
  return h("section", { className: "card stack pin-settings" },
    h("h2", null, t("pin.title")),
    h("p", null, t(on ? "pin.on" : "pin.off")),
    h("p", { className: "soft small" }, t("pin.means")),
    ready && !on && button("wide", () => go("set"), t("pin.set")),
    ready && on && [
      h("button", { key: "now", type: "button", className: "button wide", onClick: locking.lockNow }, t("pin.lock_now")),
      h("button", { key: "change", type: "button", className: "button wide", onClick: () => go("change") }, t("pin.change")),
      h("button", { key: "off", type: "button", className: "button wide danger", onClick: () => go("takeOff") }, t("pin.take_off")),
    ],
    way && h(Steps, { way, onEnd: () => go("") }));
}

// One PIN after the other: the one that holds, the new one, the new one again.
function Steps({ way, onEnd }) {
  const { t } = useWords();
  const dialog = useRef(null);
  const [given, give] = useState({ step: way === "set" ? "fresh" : "now" });
  useEffect(() => dialog.current?.showModal(), []);
  const close = async (asked) => {
    const { error, ...failed } = (await asked) ?? {};
    if (error) return t(`pin.${error}`);
    const words = failureWords(t, failed);
    return words || onEnd();
  };
  const steps = {
    async now(digits) {
      if (way === "takeOff") return close(locking.takeOff(digits));
      const words = failureWords(t, await locking.check(digits));
      return words || give({ step: "fresh", now: digits });
    },
    async fresh(digits) {
      if (/^(\d)\1*$/.test(digits) || "01234567890".includes(digits) || "09876543210".includes(digits)) return t("pin.too_easy");
      give({ ...given, step: "again", fresh: digits });
    },
    async again(digits) {
      if (digits !== given.fresh) return give({ ...given, step: "fresh", differs: true });
      return close(way === "set" ? locking.set(digits) : locking.change(given.now, digits));
    },
  };
  return h("dialog", { ref: dialog, className: "lock", onCancel: onEnd, "aria-label": t("pin.title") },
    given.differs && given.step === "fresh" && h("p", { className: "error", role: "alert" }, t("pin.differs")),
    given.step === "fresh" && h("p", { className: "soft" }, t("pin.choose")),
    h(PinPad, { key: given.step, title: t(`pin.step_${given.step}`), onDone: steps[given.step] }),
    button("wide", onEnd, t("pin.cancel")));
}
