// Which hint stands on a screen, from what the browser can do, what waits, and what its person has said before.

// Whether to speak of the home screen: "prompt" where the browser installs by itself, "steps" where a person does it.
// Not before something was sent. An iPhone's installed app begins empty, so nothing may be left behind.
export function installHint({ standalone, ios, offered, sent, clean, later }) {
  if (standalone || later || !sent) return "";
  if (offered) return "prompt";
  return ios && clean ? "steps" : "";
}

// Whether to ask about notices, and about which: only once something is there to be told of.
export function noticeHint({ able, permission, key, on, declined, returned, waiting }) {
  if (!able || permission === "denied" || !key || on || declined) return "";
  return waiting ? "log" : returned ? "returned" : "";
}

// What Tôi says of notices.
export function noticeState({ able, permission, key, on, ios, standalone }) {
  if (!able) return ios && !standalone ? "needs_install" : "unable";
  if (!key && !on) return "";
  if (permission === "denied") return "blocked";
  return on ? "is_on" : "is_off";
}

// What came back to a person, and what waits for their word.
export function whatWaits(visits, me) {
  const led = new Set((me?.villages ?? []).filter((v) => v.led).map((v) => v.id));
  const waits = (v) => v.state === "waiting" && led.has(v.village) && v.author !== me?.id && v.record?.state !== "ready";
  return { returned: visits.some((v) => v.author === me?.id && v.state === "returned"), waiting: visits.some(waits) };
}
