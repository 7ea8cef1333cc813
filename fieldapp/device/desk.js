// What officers do past the socket, by the API and the cookie of their own slot: what it gives is for this browser
// alone (an invitation's secret, the codes of cards), and Reflex keeps what passes through its state.
import { Fragment, createElement as h, useState } from "react";
import { addNarration, bringRescue, inviteFromDesk, leaveDesk, printPaper, sendDeskJson, sendForm } from "./api.js";
import { useWords } from "./words.js";
import "./words-connect.js";
import "./words-crew.js";
import "./words-desk.js";
import "./words-me.js";
import "./words-roster.js";

const problemOf = (error) => error.problem ?? { code: error.kind ?? "unexpected" };

export function Icon({ name }) {
  return h("svg", { className: "icon", "aria-hidden": true }, h("use", { href: `/icons/desk.svg#${name}` }));
}

export function Problem({ problem, words }) {
  return problem && h("p", { className: "error", role: "alert" }, words.t(`problem.${problem.code}`, problem.params ?? {}));
}

// Runs a call and knows whether it is under way and how it failed.
export function useCall() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const run = async (work) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(problemOf(error));
    }
    setBusy(false);
  };
  return { busy, problem, run };
}

// Ends the session, forgets what this tab showed, and leaves by a full load, so that the socket goes too. Where the
// session could not be ended it goes on, and so does the page: whoever sits down next must not be thought signed out.
export function LeaveButton() {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const leave = async () => {
    await leaveDesk();
    sessionStorage.clear();
    location.assign("/");
  };
  return h(
    Fragment, null,
    problem && h("p", { className: "error", role: "alert" }, words.t("desk.leave_failed")),
    h(Problem, { problem, words }),
    h("button", { type: "button", disabled: busy, onClick: () => run(leave) }, h(Icon, { name: "log-out" }), words.t("desk.leave")),
  );
}

// Prints the cards that the form around it asks for: the codes are on this paper and nowhere else.
export function CardsButton() {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const print = (event) => {
    const { form } = event.currentTarget;
    if (!form.reportValidity()) return;
    const given = Object.fromEntries(new FormData(form));
    if (given.kind === "known" && !confirm(words.t("cards.replaces"))) return;
    run(async () => save(await printPaper("cards/sheets", { village: Number(given.village), kind: given.kind, size: Number(given.size) || 0 })));
  };
  return h(
    Fragment, null,
    h("button", { type: "button", className: "button primary", disabled: busy, onClick: print }, h(Icon, { name: "printer" }), words.t(busy ? "cards.making" : "cards.download")),
    h(Problem, { problem, words }),
  );
}

// Prints a new card for one household; those that it has end with it.
export function CardButton({ household, village, onDone }) {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const print = () => run(async () => {
    save(await printPaper("cards/sheets", { village, kind: "known", household }));
    onDone();
  });
  return h(
    Fragment, null,
    h("button", { type: "button", className: "button", disabled: busy, onClick: print }, h(Icon, { name: "printer" }), words.t(busy ? "cards.making" : "homes.reissue")),
    h(Problem, { problem, words }),
  );
}

// Prints invitations for everybody of a team, or (team 0) of the commune, who has no phone here yet.
export function InvitationsButton({ team, name }) {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const print = () => run(async () => save(await printPaper("enrolments/sheets", { team: team || null })));
  return h(
    Fragment, null,
    h("button", { type: "button", className: "button compact", disabled: busy, onClick: print }, h(Icon, { name: "printer" }), words.t(busy ? "slip.making" : team ? "slip.print_team" : "slip.print_all"), name && h("span", { className: "sr" }, ` ${name}`)),
    h(Problem, { problem, words }),
  );
}

function save({ file, name }) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// Invites one member: the dialog shows the QR for a phone held in front of it, and the link to send.
export function InviteButton({ member, name }) {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const [invitation, setInvitation] = useState(null);
  const [copied, setCopied] = useState(false);
  const invite = () => run(async () => setInvitation(await inviteFromDesk(member)));
  const copy = () => navigator.clipboard.writeText(invitation.link).then(() => setCopied(true), () => {});
  const close = () => (setInvitation(null), setCopied(false));
  return h(
    Fragment, null,
    h("button", { type: "button", className: "button compact", disabled: busy, onClick: invite }, h(Icon, { name: "qr-code" }), words.t("invite.make"), h("span", { className: "sr" }, ` ${name}`)),
    h(Problem, { problem, words }),
    invitation && h(Dialog, { title: words.t("invite.title", { name }), close, words },
      h("img", { src: `data:image/svg+xml;utf8,${encodeURIComponent(invitation.qr)}`, alt: words.t("invite.qr"), className: "invite-qr" }),
      h("p", { className: "strong num short-code" }, invitation.code),
      h("p", { className: "soft" }, words.t("invite.how")),
      h("input", { className: "input", readOnly: true, value: invitation.link, "aria-label": words.t("invite.link"), onFocus: (e) => e.target.select() }),
      h("button", { type: "button", className: "button primary", onClick: copy }, words.t(copied ? "invite.copied" : "invite.copy"))),
  );
}

// Brings the file of a phone that could not send any more.
export function RescueButton() {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const [done, setDone] = useState(null);
  const bring = (event) => {
    const [file] = event.target.files;
    if (file) run(async () => setDone(await bringRescue(file, "desk")));
    event.target.value = "";
  };
  const told = (key) => done[key] > 0 && h("li", { key }, words.t(`rescue.${key}`, { n: done[key] }));
  const line = ({ id, kind, result, code }) => h("li", { key: id, className: "soft small" },
    kind && `${words.t(`kind.${kind}`)}: `, words.t(result === "held" ? "rescue.held" : `problem.${code ?? "unexpected"}`));
  return h(
    "section", { className: "panel", "aria-busy": busy },
    h("h2", null, words.t("rescue.bring_title")),
    h("p", { className: "soft small" }, words.t("rescue.bring_how")),
    h("label", { className: "button" }, h(Icon, { name: "cloud-upload" }), words.t(busy ? "rescue.bringing" : "rescue.bring"),
      h("input", { type: "file", name: "rescue", className: "sr", disabled: busy, onChange: bring })),
    h(Problem, { problem, words }),
    h("div", { role: "status" }, done && h("ul", null,
      h("li", { className: "strong" }, words.t("rescue.of", { name: done.author })),
      h("li", null, words.t("rescue.records", { n: done.records })),
      ["known", "look", "photos", "photos_left"].map(told), done.lines.map(line))),
  );
}

// A form with a file: its fields are those of the page, what the server answers goes to the page.
export function UploadForm({ to, accept, choose, submit, most, optional = false, onDone, children }) {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const [file, setFile] = useState("");
  const send = (event) => {
    event.preventDefault();
    const { currentTarget: form } = event;
    const given = new FormData(form);
    if (!given.get("file").name) given.delete("file");
    run(async () => {
      if ((given.get("file")?.size ?? 0) > most) throw { problem: { code: "file_too_large", params: { most: Math.floor(most / 1e6) } } };
      const answer = await sendForm(to, given);
      form.reset();
      setFile("");
      onDone(answer);
    });
  };
  return h(
    "form", { className: "stack", onSubmit: send, "aria-busy": busy },
    children,
    h("label", { className: "button" }, h(Icon, { name: "file-up" }), choose,
      h("input", { type: "file", name: "file", className: "sr", required: !optional, accept, onChange: (event) => setFile(event.target.files[0]?.name ?? "") })),
    file && h("p", { className: "strong agent" }, file),
    h("button", { type: "submit", className: "button primary", disabled: busy }, h(Icon, { name: "cloud-upload" }), busy ? words.t("desk.sending") : submit),
    h(Problem, { problem, words }),
  );
}

// A form whose answer is a secret: the dialog shows it once, and nothing keeps it.
export function SecretForm({ to, submit, title, explain, lists = [], onDone, children }) {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const [secret, setSecret] = useState("");
  const [copied, setCopied] = useState(false);
  const send = (event) => {
    event.preventDefault();
    const { currentTarget: form } = event;
    const given = new FormData(form);
    const json = { ...Object.fromEntries(given), ...Object.fromEntries(lists.map((name) => [name, given.getAll(name)])) };
    run(async () => {
      setSecret((await sendDeskJson(to, json)).secret);
      form.reset();
      onDone();
    });
  };
  const copy = () => navigator.clipboard.writeText(secret).then(() => setCopied(true), () => {});
  const close = () => (setSecret(""), setCopied(false));
  return h(
    "form", { className: "stack", onSubmit: send, "aria-busy": busy },
    children,
    h("button", { type: "submit", className: "button primary", disabled: busy }, busy ? words.t("desk.sending") : submit),
    h(Problem, { problem, words }),
    secret && h(Dialog, { title, close, words },
      h("p", { className: "soft" }, explain),
      h("input", { className: "input num", readOnly: true, value: secret, "aria-label": title, onFocus: (e) => e.target.select() }),
      h("button", { type: "button", className: "button primary", onClick: copy }, words.t(copied ? "invite.copied" : "connect.copy"))),
  );
}

const MOST_BYTES = 3000000;
const SOUNDS = ".mp3,.m4a,.ogg,.opus,audio/mpeg,audio/mp4,audio/ogg";

// Adds a recording to a platform's guide; the page is told when it is there.
export function AddNarration({ platforms, onDone }) {
  const words = useWords();
  const { busy, problem, run } = useCall();
  const [added, setAdded] = useState("");
  const [file, setFile] = useState("");
  const send = (event) => {
    event.preventDefault();
    const { currentTarget: form } = event;
    const given = new FormData(form);
    setAdded("");
    run(async () => {
      if (given.get("file").size > MOST_BYTES) throw { problem: { code: "file_too_large", params: { most: 3 } } };
      setAdded((await addNarration(given)).title);
      form.reset();
      setFile("");
      onDone();
    });
  };
  const field = (key, control) => h("label", { className: "field" }, h("span", null, words.t(key)), control);
  const name = ({ label, english }) => (words.locale === "en" ? english : label);
  return h(
    "form", { className: "panel stack", onSubmit: send, "aria-busy": busy },
    h("h2", null, words.t("narration.add_title")),
    field("narration.platform", h("select", { name: "platform", required: true, defaultValue: "" }, h("option", { value: "", disabled: true }, words.t("narration.choose")),
      platforms.map((one) => h("option", { key: one.value, value: one.value }, name(one))))),
    field("narration.title", h("input", { name: "title", required: true, maxLength: 60, autoComplete: "off", placeholder: words.t("narration.title_hint") })),
    h("label", { className: "button" }, h(Icon, { name: "volume-2" }), words.t("narration.file"),
      h("input", { type: "file", name: "file", className: "sr", required: true, accept: SOUNDS, onChange: (event) => setFile(event.target.files[0]?.name ?? "") })),
    file && h("p", { className: "strong agent" }, file),
    h("p", { className: "soft small" }, words.t("narration.limits")),
    h("button", { type: "submit", className: "button primary", disabled: busy }, h(Icon, { name: "cloud-upload" }), words.t(busy ? "narration.adding" : "narration.add")),
    h(Problem, { problem, words }),
    h("div", { role: "status" }, added && h("p", { className: "notice" }, words.t("narration.added", { title: added }))),
  );
}

export function Dialog({ title, close, words, children }) {
  const open = (element) => element && !element.open && element.showModal();
  return h(
    "dialog", { ref: open, className: "dialog stack", "aria-label": title, onClose: close },
    h("div", { className: "row" }, h("h2", { className: "grow" }, title),
      h("button", { type: "button", className: "icon-button", "aria-label": words.t("close"), onClick: close }, h(Icon, { name: "x" }))),
    children,
  );
}
