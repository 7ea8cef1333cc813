// The officers' sign-in form: posts to the API and leaves by a full load, so that the desk's socket has the cookie.
// Where a code is asked for besides, name and password wait in the form until it is typed.
import { createElement as h, useEffect, useState } from "react";
import { providerOffered } from "./account-api.js";
import { signIn } from "./api.js";
import { useWords } from "./words.js";
import "./words-desk.js";

// Why the province's own sign-in led back here; any other word in the address says nothing.
const OF_PROVIDER = ["provider_failed", "provider_unknown", "account_blocked"];

function problemInAddress() {
  const code = new URLSearchParams(location.search).get("problem");
  if (!OF_PROVIDER.includes(code)) return null;
  history.replaceState(history.state, "", location.pathname);
  return { code };
}

export function SignInForm() {
  const words = useWords();
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const [asksCode, setAsksCode] = useState(false);
  const [provider, setProvider] = useState(null);
  useEffect(() => {
    setProblem(problemInAddress());
    providerOffered().then(({ on, name }) => on && setProvider(name || words.t("sign_in.provider")), () => {});
  }, []);
  const submit = async (event) => {
    event.preventDefault();
    const { username, password, code } = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    setProblem(null);
    try {
      const { owes_second_step } = await signIn({ username, password, ...(asksCode && { code }) });
      location.assign(owes_second_step ? "/desk/account/" : "/desk/");
    } catch (error) {
      const asked = error.problem?.code === "code_needed";
      if (asked) setAsksCode(true);
      setProblem(asked ? null : error.problem ?? { code: error.kind });
      setBusy(false);
    }
  };
  const field = (name, type, complete) =>
    h("label", { className: "field", hidden: asksCode }, h("span", null, words.t(`sign_in.${name}`)), h("input", { name, type, autoComplete: complete, required: true }));
  const code = () =>
    h("label", { className: "field" }, h("span", null, words.t("sign_in.code")),
      h("input", { name: "code", autoFocus: true, autoComplete: "one-time-code", autoCapitalize: "off", spellCheck: false, required: true, maxLength: 40 }),
      h("small", { className: "soft small" }, words.t("sign_in.code_how")));
  // Before this script is awake, "dialog" sends a form nowhere: a password never comes to stand in an address.
  return h(
    "form", { onSubmit: submit, method: "dialog", className: "stack" },
    field("username", "text", "username"),
    field("password", "password", "current-password"),
    asksCode && code(),
    problem && h("p", { className: "error", role: "alert" }, words.t(`problem.${problem.code}`, problem.params ?? {})),
    h("button", { type: "submit", className: "button primary wide", disabled: busy }, words.t("sign_in.enter")),
    provider && !asksCode && h("a", { className: "button wide", href: "/api/v1/provider/begin" }, provider),
    asksCode && h("button", { type: "button", className: "link", onClick: () => (setAsksCode(false), setProblem(null)) }, words.t("sign_in.back")),
  );
}
