// The only door to the server (beside the service worker). Every call has a time limit and fails with a name.
let slot = "p0";

// Whose cookie goes along where a call names no other.
export const speakFor = (person) => (slot = person);

// `kind` says what to do: offline and retry wait, auth joins again, upgrade asks for the new version,
// refused is the server's last word (`problem` has its code).
export class ApiError extends Error {
  constructor(kind, status = 0, problem = null) {
    super(problem?.code ?? kind);
    Object.assign(this, { kind, status, problem });
  }
}

function kindOf(status) {
  if (status === 401) return "auth";
  if (status === 426) return "upgrade";
  return [408, 413, 429].includes(status) || status >= 500 ? "retry" : "refused";
}

async function call(method, path, { json, body, headers = {}, timeout = 20000, as = slot } = {}) {
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), timeout);
  let response;
  let content;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      body: json === undefined ? body : JSON.stringify(json),
      headers: { "X-Slot": as, ...(json === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      signal: aborter.signal,
      cache: "no-store",
      credentials: "same-origin",
    });
    if (response.ok) {
      const type = response.headers.get("content-type") ?? "";
      if (type.includes("pdf")) return { response, data: await response.blob() };
      if (type.startsWith("audio/")) return { response, data: await response.arrayBuffer() };
      return { response, data: type.includes("json") ? await response.json() : null };
    }
    // What was cut or held back is no answer; a body that is not ours says nothing, but its status does.
    content = parse(await response.text());
  } catch {
    throw new ApiError("offline");
  } finally {
    clearTimeout(timer);
  }
  throw new ApiError(kindOf(response.status), response.status, content?.problem ?? null);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const data = async (...args) => (await call(...args)).data;

export const push = (json, as) => data("POST", "sync/push", { json, timeout: 60000, as });
export const pull = (cursor, as) => data("GET", `sync/pull?cursor=${encodeURIComponent(cursor)}`, { timeout: 60000, as });
export const previewInvitation = (json) => data("POST", "enrolments/preview", { json });
export const join = (json, as) => data("POST", "enrolments/join", { json, as });
export const invite = (member) => data("POST", "enrolments", { json: { member } });
export const endPhone = (device, state) => data("POST", `devices/${device}/end`, { json: { state } });
export const delegate = (json) => data("POST", "delegations", { json });
export const takeBack = (delegation) => data("DELETE", `delegations/${delegation}`);
export const rescueSeal = () => data("GET", "rescues/seal");
export const bringRescue = (body, as) => data("POST", "rescues", { body, headers: { "Content-Type": "application/octet-stream" }, timeout: 240000, as });
// The bytes of a spoken guide from `first` to `last`, or to its end.
export const narration = (id, first, last, as) => data("GET", `narrations/${id}`, { headers: { Range: `bytes=${first}-${last}` }, timeout: 60000, as });
export const signOut = () => data("DELETE", "session");
export const notices = () => data("GET", "notices");
export const takeNotices = (json) => data("POST", "notices", { json });
export const dropNotices = () => data("DELETE", "notices");

// How many bytes of a photo the server has, and whether that is all.
export async function photoOffset(visit, sha256, as) {
  const { response } = await call("HEAD", `visits/${visit}/photos/${sha256}`, { as });
  return offsetOf(response);
}

// Sends the rest of a photo from the offset; gives where the server stands then. With `key` it is closed, and that opens it.
export async function sendPhoto(visit, sha256, offset, bytes, as, key) {
  const headers = { "Upload-Offset": String(offset), "Content-Type": "application/octet-stream", ...(key && { "Upload-Key": key }) };
  const { response } = await call("PATCH", `visits/${visit}/photos/${sha256}`, { body: bytes, headers, timeout: 180000, as });
  return offsetOf(response);
}

function offsetOf(response) {
  return {
    offset: Number(response.headers.get("upload-offset") ?? 0),
    complete: response.headers.get("upload-complete") === "true",
  };
}

// Officers have a slot of their own.
const desk = { "X-Slot": "desk" };
export const signIn = (json) => data("POST", "session", { json, headers: desk });
export const askAtDesk = (method, path, json) => data(method, path, { json, headers: desk });
// A session that is over already has been left.
export const leaveDesk = () => data("DELETE", "session", { headers: desk }).catch((error) => {
  if (error.kind !== "auth") throw error;
});
export const inviteFromDesk = (member) => data("POST", "enrolments", { json: { member }, headers: desk });

export const sendForm = (path, form) => data("POST", path, { body: form, headers: desk, timeout: 240000 });
export const sendDeskJson = (path, json) => data("POST", path, { json, headers: desk });
export const addNarration = (form) => data("POST", "narrations", { body: form, headers: desk, timeout: 240000 });

// A paper as a PDF, with the name that the server gives the file.
export async function printPaper(path, json) {
  const { response, data: file } = await call("POST", path, { json, headers: desk, timeout: 180000 });
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  return { file, name: name ?? "paper.pdf" };
}
