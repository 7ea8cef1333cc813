// Passwords and the second step at the desk, past the socket: no secret of an account passes through Reflex's state.
import { Fragment, createElement as h, useRef, useState } from "react";
import { accountLink, beginSecondStep, changePassword, confirmSecondStep, endSecondStep } from "./account-api.js";
import { Dialog, Icon, Problem, useCall } from "./desk.js";
import { useWords } from "./words.js";
import "./words-accounts.js";
import "./words-desk.js";

const picture = (svg) => `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;

function field(label, props, hint) {
  return h("label", { className: "field" }, h("span", null, label), h("input", { required: true, ...props }), hint && h("small", { className: "soft small" }, hint));
}

// A link by which somebody sets a password of their own: as a QR for a phone held in front of it, and to send.
export function AccountLinkButton({ account, name }) {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const [made, setMade] = useState(null);
  const [copied, setCopied] = useState(false);
  const make = () => run(async () => setMade(await accountLink(account)));
  const copy = () => navigator.clipboard.writeText(made.link).then(() => setCopied(true), () => {});
  const close = () => (setMade(null), setCopied(false));
  return h(
    Fragment, null,
    h("button", { type: "button", className: "button primary", disabled: busy, onClick: make }, h(Icon, { name: "link" }), words.t("accounts.make_link")),
    h(Problem, { problem, words }),
    made && h(Dialog, { title: words.t("accounts.link_title", { name }), close, words },
      h("img", { src: picture(made.qr), alt: words.t("accounts.link_qr"), className: "invite-qr" }),
      h("p", { className: "soft" }, words.t("accounts.link_how")),
      h("input", { className: "input", name: "link", readOnly: true, value: made.link, "aria-label": words.t("accounts.link"), onFocus: (e) => e.target.select() }),
      h("button", { type: "button", className: "button primary", onClick: copy }, words.t(copied ? "accounts.link_copied" : "accounts.link_copy"))),
  );
}

export function OwnPassword() {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const [done, setDone] = useState(false);
  const send = (event) => {
    event.preventDefault();
    const { currentTarget: form } = event;
    const { old, fresh, again } = Object.fromEntries(new FormData(form));
    setDone(false);
    run(async () => {
      if (fresh !== again) throw { problem: { code: "passwords_differ" } };
      await changePassword(old, fresh);
      form.reset();
      setDone(true);
    });
  };
  return h(
    "form", { className: "stack", onSubmit: send, "aria-busy": busy },
    field(words.t("account.old"), { name: "old", type: "password", autoComplete: "current-password" }),
    field(words.t("account.new"), { name: "fresh", type: "password", autoComplete: "new-password", minLength: 10, maxLength: 200 }, words.t("account.new_hint")),
    field(words.t("account.again"), { name: "again", type: "password", autoComplete: "new-password", maxLength: 200 }),
    h(Problem, { problem, words }),
    h("button", { type: "submit", className: "button primary", disabled: busy }, words.t("account.change")),
    h("div", { role: "status" }, done && h("p", { className: "notice" }, words.t("account.changed"))),
  );
}

// Off: password, QR, a first code, recovery codes. On: the way to end it, folded.
export function OwnSecondStep({ on, onDone }) {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const [begun, setBegun] = useState(null);
  const [codes, setCodes] = useState(null);
  const password = useRef("");
  const given = (event) => {
    event.preventDefault();
    return Object.fromEntries(new FormData(event.currentTarget));
  };
  const begin = (event) => {
    password.current = given(event).password;
    run(async () => setBegun(await beginSecondStep(password.current)));
  };
  const confirmIt = (event) => {
    const { code } = given(event);
    run(async () => {
      setCodes((await confirmSecondStep(code)).codes);
      setBegun(null);
    });
  };
  const end = (event) => {
    const { password: typed } = given(event);
    run(async () => (await endSecondStep(typed), onDone()));
  };
  const form = (onSubmit, press, kind, ...fields) =>
    h("form", { className: "stack", onSubmit, "aria-busy": busy }, fields, h(Problem, { problem, words }), h("button", { type: "submit", className: `button ${kind}`, disabled: busy }, press));
  const proof = field(words.t("account.password"), { key: "proof", name: "password", type: "password", autoComplete: "current-password" });
  if (codes) return h(Codes, { codes, words, close: () => (setCodes(null), onDone()) });
  if (on) {
    return h("details", null, h("summary", { className: "link" }, words.t("account.step_end")),
      h("div", { className: "stack" }, h("p", { className: "soft small" }, words.t("account.step_end_means")), form(end, words.t("account.step_end"), "danger", proof)));
  }
  if (!begun) return form(begin, words.t("account.step_begin"), "primary", proof);
  return h(
    Fragment, null,
    h("p", null, words.t("account.step_scan")),
    h("img", { src: picture(begun.qr), alt: words.t("account.step_qr"), className: "invite-qr" }),
    h("p", { className: "soft small" }, words.t("account.step_type")),
    h("p", { className: "num strong agent secret-text" }, begun.secret.match(/.{1,4}/g).join(" ")),
    form(confirmIt, words.t("account.step_confirm"), "primary",
      field(words.t("account.step_code"), { key: "code", name: "code", inputMode: "numeric", autoComplete: "one-time-code", maxLength: 7, pattern: "[0-9 ]*" })),
  );
}

function Codes({ codes, words, close }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(codes.join("\n")).then(() => setCopied(true), () => {});
  return h(
    "div", { className: "stack", role: "status" },
    h("p", { className: "notice" }, words.t("account.step_is_on")),
    h("p", null, words.t("account.codes_how")),
    h("ol", { className: "recovery-codes num" }, codes.map((code) => h("li", { key: code }, code))),
    h("div", { className: "row wrap" },
      h("button", { type: "button", className: "button", onClick: copy }, words.t(copied ? "account.codes_copied" : "account.codes_copy")),
      h("button", { type: "button", className: "button", onClick: () => print() }, h(Icon, { name: "printer" }), words.t("account.codes_print")),
      h("button", { type: "button", className: "button primary", onClick: close }, words.t("account.codes_kept"))),
  );
}
