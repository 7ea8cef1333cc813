// How a phone begins and ends for each of its people: an invitation is looked at, taken up in a slot of their own, the
// villages are downloaded; one hands the phone to another; signing out wipes one slot and leaves the others.
import { uuidv7 } from "uuidv7";
import * as api from "./api.js";
import * as db from "./db.js";
import { onInvitation } from "./enrol.js";
import { proofOf } from "./invitation.js";
import { wipe } from "./leaving.js";
import { settled } from "./recording.js";
import * as slots from "./slots.js";
import { data, held, INITIAL, patch, put, slice, toast } from "./state.js";
import * as sync from "./sync.js";

let invitation = "";
let invited = null;

const nameOf = (error) => error.problem?.code ?? error.kind ?? "unexpected";

// Looks at the invitation in the address; looking does not use it up.
export async function lookAt(token, adding = false) {
  const ios = /iPhone|iPad/.test(navigator.userAgent);
  const standalone = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  if (!token || token === invitation) {
    return patch("join", { ios, standalone, phase: token ? slice("join").phase : !data.me ? "no_link" : adding ? "adding" : "joined" });
  }
  invitation = token;
  patch("join", { phase: "looking", ios, standalone });
  try {
    const { name, team, id } = await api.previewInvitation(proofOf(token));
    invited = { id, name, team };
    return patch("join", { phase: (await slots.isFull(id)) ? "full" : "ready", name, team });
  } catch (error) {
    invitation = "";
    return patch("join", { phase: "failed", code: nameOf(error) });
  }
}

onInvitation(lookAt);

export const joining = {
  // Whoever is here already goes on in their own slot; anybody else takes a free one.
  async join() {
    patch("join", { phase: "joining" });
    try {
      const slot = await slots.take(invited);
      if (!slot) return patch("join", { phase: "full" });
      const device = (await db.getFact("device", slot)) ?? uuidv7();
      await db.setFact("device", device, slot);
      const { rescue } = await api.join({ ...proofOf(invitation), device, phone: await slots.phone(), label: deviceLabel() }, slot);
      await db.setFact("seal", rescue, slot);
      await db.setFact("cursor", "", slot);
      await slots.settle(slot, invited);
      patch("join", { phase: "downloading" });
      // The phone has joined by now: what was cut comes with the sender's next run.
      await sync.pullChanges(slot).catch((error) => error.kind || console.error(error));
      invitation = "";
      if (slot !== db.slot()) return location.assign("/m/");
      held.navigate("/m/");
      return sync.kick();
    } catch (error) {
      return patch("join", { phase: "failed", code: nameOf(error) });
    }
  },
  async switchPerson(slot) {
    await settled();
    await slots.activate(slot);
    location.assign("/m/");
  },
  signOut: () => leave(),
};

// Ends the session and wipes the slot if nothing is owed. Gives what holds it back, or nothing.
export const signOut = (slot, given = {}) =>
  sync.exclusive(async () => {
    const before = await wipe(slot, { ...given, look: true });
    if (before) return before;
    const failure = await api.signOut().then(() => null, (error) => error);
    if (failure && failure.kind !== "auth") return { failure };
    return wipe(slot, given);
  });

// With `rescued`, what was saved in a file holds nobody back.
export async function leave(rescued = false) {
  await settled();
  const slot = db.slot();
  const stays = await signOut(slot, { rescued });
  if (stays?.failure) return toast("me.sign_out_failed");
  if (stays) {
    const saved = !(await wipe(slot, { look: true, rescued: true }));
    return put({ leaving: { ...INITIAL.leaving, ...stays, saved }, page: { ...slice("page"), sheet: "leaving" } });
  }
  await slots.leave(slot);
  return location.assign(data.people.length > 1 ? "/m/" : "/m/join/");
}

function deviceLabel() {
  const agent = navigator.userAgent;
  const system = /Android [\d.]+|iPhone OS [\d_]+|Windows|Mac OS X|Linux/.exec(agent)?.[0] ?? "";
  const browser = /(Edg|Chrome|Firefox|Version)\/\d+/.exec(agent)?.[0] ?? "";
  return `${system} ${browser}`.trim().replaceAll("_", ".");
}
