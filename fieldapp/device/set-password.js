// Sets a password by the link of an account. The secret stands behind # and leaves the address bar at once.
import { createElement as h, useEffect, useState } from "react";
import { accountOfLink, setPassword } from "./account-api.js";
import { useWords } from "./words.js";
import "./words-accounts.js";
import "./words-desk.js";

let token = "";

function taken() {
  const [, given] = /^#([\w-]{20,100})$/.exec(location.hash) ?? [];
  if (given) {
    token = given;
    history.replaceState(history.state, "", location.pathname);
  }
  return token;
}

const problemOf = (error) => error.problem ?? { code: error.kind ?? "unexpected" };

export function SetPasswordForm() {
  const words = useWords();
  const [account, setAccount] = useState(null);
  const [problem, setProblem] = useState(null);
  const [phase, setPhase] = useState("looking");
  const look = async () => {
    if (!taken()) return setPhase("no_link");
    try {
      setAccount(await accountOfLink(token));
      setPhase("ready");
    } catch (error) {
      setProblem(problemOf(error));
      setPhase("failed");
    }
  };
  useEffect(() => {
    look();
    const anew = () => (setProblem(null), look());
    addEventListener("hashchange", anew);
    return () => removeEventListener("hashchange", anew);
  }, []);
  const send = async (event) => {
    event.preventDefault();
    const { fresh, again } = Object.fromEntries(new FormData(event.currentTarget));
    if (fresh !== again) return setProblem({ code: "passwords_differ" });
    setProblem(null);
    setPhase("sending");
    try {
      await setPassword(token, fresh);
      token = "";
      setPhase("done");
    } catch (error) {
      setProblem(problemOf(error));
      setPhase("ready");
    }
  };
  const wrong = problem && h("p", { className: "error", role: "alert" }, words.t(`problem.${problem.code}`, problem.params ?? {}));
  const door = h("a", { className: "button primary wide", href: "/" }, words.t("set_password.sign_in"));
  if (phase === "looking") return h("p", { className: "soft", role: "status" }, words.t("loading"));
  if (phase === "no_link") return h("div", { className: "stack" }, h("p", null, words.t("set_password.no_link")), door);
  if (phase === "failed") return h("div", { className: "stack" }, wrong, h("p", { className: "soft" }, words.t("set_password.ask")));
  if (phase === "done") {
    return h("div", { className: "stack", role: "status" }, h("p", { className: "notice" }, words.t("set_password.done", { username: account.username })), door);
  }
  const field = (name, key, hint) =>
    h("label", { className: "field" }, h("span", null, words.t(key)), h("input", { name, type: "password", autoComplete: "new-password", required: true, minLength: 10, maxLength: 200 }),
      hint && h("small", { className: "soft small" }, hint));
  return h(
    "form", { onSubmit: send, className: "stack", "aria-busy": phase === "sending" },
    h("p", null, words.t("set_password.hello", { name: account.name })),
    h("label", { className: "field" }, h("span", null, words.t("sign_in.username")), h("input", { name: "username", autoComplete: "username", readOnly: true, value: account.username })),
    field("fresh", "account.new", words.t("account.new_hint")),
    field("again", "account.again"),
    wrong,
    h("button", { type: "submit", className: "button primary wide", disabled: phase === "sending" }, words.t("set_password.set")),
  );
}
