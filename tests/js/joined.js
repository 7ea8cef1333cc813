// A phone whose person has joined, a visit of theirs, and a form as they fill it in.
import { Phone } from "./life.js";
import { Server } from "./server.js";

export const visit = (id, author = 7) => ({
  id, kind: "visit.create", schema: 1, author, made_at: 1, replaces: null,
  payload: { household: "h1", mode: "home", beneficiary: "person", people: 1, outcomes: [{ platform: "VNEID", result: "installed", steps: [], come_back_on: null }], identified_by: "list", card: null, note: "", photos: [] },
});

export async function joined(token = "lan", phone = new Phone(new Server())) {
  const page = await phone.open();
  await page.joining.lookAt(token);
  await page.actions.join();
  await page.run(() => page.sync.kick());
  return [phone, await phone.open()];
}

export async function fill({ actions, recording }, household, note) {
  await actions.recordHousehold(household);
  actions.togglePlatform("VNEID");
  actions.setResult("VNEID", "installed");
  actions.setNote(note);
  await recording.settled();
}
