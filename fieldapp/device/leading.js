// What a leader does for the people of the team: invites them, ends a phone that is lost or in the wrong hands, hands
// reviewing over for some days. All of it is the server's to do, so it needs the network, and says so.
import * as api from "./api.js";
import { crew } from "./crew.js";
import { data, furnish, now, patch, put, slice, toast } from "./state.js";
import * as sync from "./sync.js";
import { addDays, vnDay } from "./vn-time.js";

const NO_INVITATION = { phase: "idle", link: "", qr: "", short: "", name: "", code: "" };
const NO_ENDING = { phase: "idle", person: 0, name: "", device: "", label: "", closing: false, code: "", names: "", others: 0 };
const NO_HANDING = { person: 0, name: "", delegation: 0, first: "", last: "", today: "", code: "", busy: false };
const NOBODY = { ready: false, leads: false, delegates: false, people: [], quiet: 0, fresh: "" };
furnish({ handing: NO_HANDING, crew: NOBODY, invite: NO_INVITATION, ending: NO_ENDING }, (visits) => ({ crew: crew(data, visits, now()) }));

const codeOf = (error) => error.problem?.code ?? error.kind ?? "unexpected";

async function settle(work, key, params = {}) {
  if (slice("handing").busy) return;
  patch("handing", { busy: true, code: "" });
  try {
    await work();
    patch("page", { sheet: "" });
    toast(key, { params });
    await sync.kick();
  } catch (error) {
    patch("handing", { code: codeOf(error) });
  } finally {
    patch("handing", { busy: false });
  }
}

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

  // Handing over, or taking back where it is handed over already.
  askHanding(id) {
    const { name, delegation } = slice("crew").people.find((one) => one.id === id);
    const today = vnDay(now());
    put({ handing: { ...NO_HANDING, person: id, name, delegation, first: today, last: addDays(today, 6), today } });
    patch("page", { sheet: delegation ? "take_back" : "delegate", toast: "", undo: "" });
  },
  setHanding: (field, value) => patch("handing", { [field]: value, code: "" }),
  handOver() {
    const { person, first, last, today, name } = slice("handing");
    if (!first || first < today || last < first || last > addDays(first, 92)) return patch("handing", { code: "days_wrong" });
    return settle(() => api.delegate({ member: person, first, last }), "delegation.given", { number: name });
  },
  takeBack: () => settle(() => api.takeBack(slice("handing").delegation), "delegation.taken_back"),
};
