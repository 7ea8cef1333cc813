// What a leader does for the people of the team: invites them, and ends a phone that is lost or in the wrong hands. Both
// are the server's to do, so both need the network, and say so.
import * as api from "./api.js";
import { crew } from "./crew.js";
import { data, furnish, now, patch, put, slice, toast } from "./state.js";
import * as sync from "./sync.js";

const NO_INVITATION = { phase: "idle", link: "", qr: "", short: "", name: "", code: "" };
const NO_ENDING = { phase: "idle", person: 0, name: "", device: "", label: "", closing: false, code: "", names: "", others: 0 };
const NOBODY = { ready: false, leads: false, people: [], quiet: 0, fresh: "" };
furnish({ crew: NOBODY, invite: NO_INVITATION, ending: NO_ENDING }, (visits) => ({ crew: crew(data, visits, now()) }));

const codeOf = (error) => error.problem?.code ?? error.kind ?? "unexpected";

export const leading = {
  async invite(id, name) {
    put({ invite: { ...NO_INVITATION, phase: "asking", name } });
    patch("page", { sheet: "invite" });
    try {
      const { link, qr, code } = await api.invite(id);
      patch("invite", { phase: "ready", link, short: code, qr: `data:image/svg+xml;utf8,${encodeURIComponent(qr)}` });
    } catch (error) {
      patch("invite", { phase: "failed", code: codeOf(error) });
    }
  },
  async shareInvitation() {
    const { link, name } = slice("invite");
    if (navigator.share) return navigator.share({ title: name, url: link }).catch(() => {});
    await navigator.clipboard?.writeText(link);
    return toast("invite.copied");
  },

  askEnding(person, device) {
    const { name, phones } = slice("crew").people.find((one) => one.id === person);
    const { label, closing } = phones.find((one) => one.id === device);
    put({ ending: { ...NO_ENDING, phase: "asking", person, name, device, label, closing } });
    patch("page", { sheet: "end_phone", toast: "", undo: "" });
  },
  // `state`: closing lets the phone send what it holds, closed refuses it everything.
  async endPhone(state) {
    const { device, phase } = slice("ending");
    if (phase === "working") return;
    patch("ending", { phase: "working", code: "" });
    try {
      const { names, others } = await api.endPhone(device, state);
      patch("ending", { phase: "done", names: names.join(", "), others });
      await sync.kick();
    } catch (error) {
      patch("ending", { phase: "asking", code: codeOf(error) });
    }
  },
};
