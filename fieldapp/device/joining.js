// How a phone begins and ends: an invitation is looked at, taken up, the villages are downloaded; signing out wipes.
import { uuidv7 } from "uuidv7";
import * as api from "./api.js";
import * as db from "./db.js";
import { onInvitation } from "./enrol.js";
import { proofOf } from "./invitation.js";
import * as outbox from "./outbox.js";
import { data, held, patch, slice, toast } from "./state.js";
import * as sync from "./sync.js";
import { photosWaiting } from "./views.js";

const STORES = ["households", "cards", "visits", "records", "photos", "photo_bytes", "facts"];
let invitation = "";

const nameOf = (error) => error.problem?.code ?? error.kind ?? "unexpected";

// Looks at the invitation in the address; looking does not use it up.
export async function lookAt(token) {
  const ios = /iPhone|iPad/.test(navigator.userAgent);
  const standalone = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  if (!token || token === invitation) {
    return patch("join", { ios, standalone, phase: token ? slice("join").phase : data.me ? "joined" : "no_link" });
  }
  invitation = token;
  patch("join", { phase: "looking", ios, standalone });
  try {
    const { name, team, id } = await api.previewInvitation(proofOf(token));
    return patch("join", { phase: data.me && data.me.id !== id ? "other_person" : "ready", name, team });
  } catch (error) {
    invitation = "";
    return patch("join", { phase: "failed", code: nameOf(error) });
  }
}

onInvitation(lookAt);

export const joining = {
  async join() {
    patch("join", { phase: "joining" });
    try {
      const device = (await db.getFact("device")) ?? uuidv7();
      await db.setFact("device", device);
      await api.join({ ...proofOf(invitation), device, label: deviceLabel() });
      await db.setFact("cursor", "");
      patch("join", { phase: "downloading" });
      await sync.pullChanges();
      invitation = "";
      held.navigate("/m/");
      sync.kick();
    } catch (error) {
      patch("join", { phase: "failed", code: nameOf(error) });
    }
  },
  async signOut() {
    const refused = data.records.some((r) => r.state === "parked" && !r.dismissed);
    if (refused || photosWaiting(data).length || (await outbox.unsent())) return toast("me.unsent_first");
    await api.signOut().catch(() => {});
    await db.write(STORES, async (store) => {
      for (const name of STORES) await store(name).clear();
    });
    return location.assign("/m/join/");
  },
};

function deviceLabel() {
  const agent = navigator.userAgent;
  const system = /Android [\d.]+|iPhone OS [\d_]+|Windows|Mac OS X|Linux/.exec(agent)?.[0] ?? "";
  const browser = /(Edg|Chrome|Firefox|Version)\/\d+/.exec(agent)?.[0] ?? "";
  return `${system} ${browser}`.trim().replaceAll("_", ".");
}
