// The officers' sign-in form: posts to the API and leaves by a full load, so that the desk's socket has the cookie.
import { createElement as h, useState } from "react";
import { signIn } from "./api.js";
import { useWords } from "./words.js";
import "./words-desk.js";

export function SignInForm() {
  const words = useWords();
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await signIn(form.get("username"), form.get("password"));
      location.assign("/desk/");
    } catch (error) {
      setProblem(error.problem ?? { code: error.kind });
      setBusy(false);
    }
  };
  const field = (name, type, complete) =>
    h("label", { className: "field" }, h("span", null, words.t(`sign_in.${name}`)), h("input", { name, type, autoComplete: complete, required: true }));
  return h(
    "form", { onSubmit: submit, className: "stack" },
    field("username", "text", "username"),
    field("password", "password", "current-password"),
    problem && h("p", { className: "error", role: "alert" }, words.t(`problem.${problem.code}`, problem.params ?? {})),
    h("button", { type: "submit", className: "button primary wide", disabled: busy }, words.t("sign_in.enter")),
  );
}
