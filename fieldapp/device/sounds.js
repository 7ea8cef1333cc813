// The commune's spoken guides as screens show them: pure, no storage, no network, no words.

const TYPES = { mp3: "audio/mpeg", m4a: "audio/mp4", opus: "audio/ogg; codecs=opus" };

export const typeOf = ({ kind }) => TYPES[kind] ?? "";
export const megabytes = (bytes) => Math.max(1, Math.round(bytes / 100000)) / 10;
export const lengthOf = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

// Of one platform's guide what can be heard. `kept` are hashes whose bytes are here, `wanted` ids that wait to come,
// `coming` how far each is that is on its way, in percent, `failed` ids with what went wrong, `heard` what plays now.
export function narrations(all, platform, { kept, wanted, coming, failed, heard, canPlay }) {
  const lines = all.filter((one) => one.platform === platform).map((one) => ({
    id: one.id, title: one.title, lasts: lengthOf(one.seconds), size: megabytes(one.bytes), here: kept.has(one.sha256),
    coming: coming.has(one.id), percent: coming.get(one.id) ?? 0, wanted: wanted.includes(one.id), failed: failed.get(one.id) ?? "",
    playable: canPlay(typeOf(one)), url: heard?.id === one.id ? heard.url : "",
  }));
  const missing = all.filter((one) => one.platform === platform && !kept.has(one.sha256));
  return { lines, missing: missing.length, missing_size: megabytes(missing.reduce((sum, one) => sum + one.bytes, 0)), waits: missing.some((one) => wanted.includes(one.id)) };
}

// What of this is fetched now without another tap: what somebody asked for, and not over a network that they pay for.
export const toFetch = (all, kept, wanted, network) => (network === "paid" ? [] : all.filter((one) => wanted.includes(one.id) && !kept.has(one.sha256)));
