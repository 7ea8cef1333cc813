// The way in where a PIN guards what a person has here, and the way out for who forgot it. Over all else, until it opens.
import { createElement as h, useEffect, useRef, useState } from "react";
import * as db from "./db.js";
import { joining } from "./joining.js";
import { locking } from "./locking.js";
import { failureWords, PinPad } from "./pin-pad.js";
import * as slots from "./slots.js";
import { useWords } from "./words.js";
import "./words-pin.js";

const button = (kind, onClick, words, disabled) => h("button", { type: "button", className: `button ${kind}`, onClick, disabled }, words);

export default function LockScreen() {
  const { t } = useWords();
  const dialog = useRef(null);
  const [people, meet] = useState([]);
  const [forgot, forget] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
    slots.list().then(meet, () => {});
  }, []);
  const mine = people.find((p) => p.slot === db.slot());
  const open = async (digits) => failureWords(t, await locking.unlock(digits));
  return h("dialog", { ref: dialog, className: "lock", onCancel: (event) => event.preventDefault(), "aria-label": t("pin.locked") },
    h("img", { src: "/icons/app-192.png", alt: "", width: 56, height: 56 }),
    h("h1", null, mine?.name ?? t("pin.locked")),
    mine && h("p", { className: "soft" }, mine.team),
    forgot
      ? h(Forgotten, { onBack: () => forget(false) })
      : [
          h(PinPad, { key: "pad", title: t("pin.give"), onDone: open }),
          button("wide", () => forget(true), t("pin.forgot"), false),
          ...people.filter((p) => p !== mine).map((p) => h("button", { key: p.slot, type: "button", className: "button wide", onClick: () => joining.switchPerson(p.slot) }, t("pin.other", { name: p.name }))),
        ]);
}

const OWED = { records: "me.unsent", parked: "pill.look", photos: "outbox.photos", held: "outbox.photos_held" };

// All that waits goes to the server as it is closed here; then nothing is left, and the person joins anew.
function Forgotten({ onBack }) {
  const { t } = useWords();
  const [owed, owe] = useState(null);
  const [{ busy, error, saved }, say] = useState({ busy: false, error: "", saved: false });
  const look = () => locking.owed().then((found) => owe(found ?? {}));
  useEffect(() => {
    look();
  }, []);
  const send = async () => {
    say({ busy: true, error: "", saved });
    const stays = await locking.forget(saved).catch((failure) => (console.error(failure), { failure }));
    await look();
    if (stays) say({ busy: false, error: t(stays.failure ? "pin.not_out" : "pin.not_sent"), saved });
  };
  const keep = async () => {
    say({ busy: true, error: "", saved });
    const { saveFile } = await import("./rescue.js");
    const phase = await saveFile().catch((failure) => (console.error(failure), "failed"));
    say({ busy: false, error: phase === "saved" || phase === "idle" ? "" : t("pin.not_saved"), saved: saved || phase === "saved" });
  };
  const lines = Object.keys(OWED).filter((name) => owed?.[name]);
  return h("div", { className: "stack" },
    h("h2", null, t("pin.forgot")),
    h("p", null, t("pin.forgot_means")),
    lines.length > 0 && h("ul", { className: "stack tight" }, lines.map((name) => h("li", { key: name, className: "strong" }, t(OWED[name], { n: owed[name] })))),
    h("p", { className: "soft small" }, t("pin.forgot_draft")),
    error && h("p", { className: "error", role: "alert" }, error),
    saved && h("p", { role: "status" }, t("pin.saved")),
    button("wide danger", send, t(saved ? "pin.leave" : "pin.send_and_leave"), busy || !owed),
    lines.length > 0 && button("wide", keep, t("pin.save_file"), busy),
    button("wide", onBack, t("pin.give_again"), busy));
}
