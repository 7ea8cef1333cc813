// What a leader says of a member's day, and what that member answers: both are records like a visit.
import { uuidv7 } from "uuidv7";
import { dayLogs, MAX_ANSWER, MAX_COMMENT, missingIn, readNow, said } from "./day-logs.js";
import * as db from "./db.js";
import { SCHEMA } from "./draft.js";
import { beginForm, change, formOf, keepForm, refusedRecord, saveForm } from "./forms.js";
import * as outbox from "./outbox.js";
import { data, derive, furnish, isKept, now, slice, toast } from "./state.js";
import * as sync from "./sync.js";
import { dayMonth } from "./vn-time.js";

const COMMENT = "log_comment";
const ANSWER = "log_answer";
const NO_COMMENT = { open: false, name: "", date: "", text: "", missing: "", changes: false };
const NO_ANSWER = { open: false, about: "", text: "", missing: "", changes: false };
let open = "";

function commentForm() {
  const form = formOf(COMMENT);
  if (!form) return NO_COMMENT;
  const { name, day, text, replaces, mends } = form;
  return { open: true, name, date: dayMonth(day), text, missing: missingIn(text), changes: !!replaces && !mends };
}

function answerForm() {
  const form = formOf(ANSWER);
  return form ? { open: true, about: form.about, text: form.text, missing: missingIn(form.text), changes: !!form.before } : NO_ANSWER;
}

furnish({ logs: { ready: false, leads: false, lines: [], refused: [] }, comment_form: NO_COMMENT, answer_form: NO_ANSWER }, (visits, locale) => ({
  logs: dayLogs(data, visits, open, now(), locale), comment_form: commentForm(), answer_form: answerForm(),
}));

const commentOf = (id) => said(data).find((c) => c.id === id);
const lacks = (text, key) => {
  const lack = missingIn(text);
  if (lack) toast(lack === "identity" ? "record.note_identity" : key);
  return !!lack;
};

export const commenting = {
  begin(key) {
    const { village, member, day, name } = slice("logs").lines.find((log) => log.key === key);
    return beginForm(COMMENT, { village, member, day, name, text: "", replaces: null });
  },
  change(id) {
    const { village, member, member_name, day, text } = commentOf(id);
    return beginForm(COMMENT, { village, member, day, name: member_name, text, replaces: id });
  },
  setText: (text) => change(COMMENT, { text: text.slice(0, MAX_COMMENT) }),
  drop: () => keepForm(COMMENT, null),
  save() {
    const { village, member, day, text, replaces } = formOf(COMMENT);
    if (lacks(text, "log.missing")) return undefined;
    if (text.trim() === commentOf(replaces)?.text) return commenting.drop();
    return saveForm(COMMENT, "log.comment", { village, member, day, text: text.trim() });
  },
  // A comment that was never sent is deleted; one that the server may have is taken away by a record of its own.
  async withdraw() {
    const { village, member, day, replaces } = formOf(COMMENT);
    const envelope = { kind: "log.comment", schema: SCHEMA, author: data.me?.id, made_at: Date.now(), payload: { village, member, day, text: "" } };
    if (!(await isKept(outbox.withdraw(replaces, (comment) => ({ ...envelope, id: uuidv7(), replaces: comment }))))) return;
    await keepForm(COMMENT, null);
    toast("log.withdrawn");
    sync.kick();
  },

  beginAnswer(id) {
    const { text, answer = "" } = commentOf(id);
    return beginForm(ANSWER, { comment: id, about: text, text: answer, before: answer });
  },
  setAnswer: (text) => change(ANSWER, { text: text.slice(0, MAX_ANSWER) }),
  dropAnswer: () => keepForm(ANSWER, null),
  saveAnswer() {
    const { comment, text } = formOf(ANSWER);
    return lacks(text, "log.answer_missing") ? undefined : saveForm(ANSWER, "log.answer", { comment, text: text.trim() });
  },
  takeBackAnswer: () => saveForm(ANSWER, "log.answer", { comment: formOf(ANSWER).comment, text: "" }),

  mend(id) {
    const record = refusedRecord(id);
    if (!record) return undefined;
    const { payload, replaces } = record;
    if (record.kind === "log.answer") return beginForm(ANSWER, { ...payload, about: commentOf(payload.comment)?.text ?? "", before: "", mends: id });
    return beginForm(COMMENT, { ...payload, name: commentOf(id)?.member_name ?? "", replaces, mends: id });
  },
  toggle(key) {
    open = open === key ? "" : key;
    derive();
  },
  markRead: () => db.setFact("logs_read", readNow(data)),
};
