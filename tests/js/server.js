// A server for phones of tests: it takes every record once, tells twins apart from others, keeps photos by their hash,
// and knows each slot's session. It can be restored from nothing.
import { createHash } from "node:crypto";

export const PEOPLE = {
  lan: { id: 7, name: "Đinh Thị Lan", team: "Tổ thôn Đông Hòa" },
  minh: { id: 8, name: "Võ Văn Minh", team: "Tổ thôn Đông Hòa" },
};
const json = (content, status = 200) => new Response(JSON.stringify(content), { status, headers: { "content-type": "application/json" } });
const no = (status, code) => json({ problem: { code } }, status);

export class Server {
  constructor() {
    this.restore("first-life");
    Object.assign(this, { refuses: new Set(), sessions: "open", down: false, seal: { key: "", proof: "" }, asked: [], rows: {}, leads: false, sounds: new Map() });
  }

  restore(epoch) {
    Object.assign(this, { epoch, records: new Map(), photos: new Map(), differing: [] });
  }

  of(kind) {
    return [...this.records.values()].filter((record) => record.kind === kind);
  }

  async answer(phone, method, path, { body, headers }) {
    const slot = headers["X-Slot"];
    this.asked.push([method, path, slot]);
    if (this.down) throw new TypeError("fetch failed");
    const given = typeof body === "string" ? JSON.parse(body) : body;
    if (path === "enrolments/preview") return json(PEOPLE[given.token]);
    if (path === "enrolments/join") {
      phone.cookies[slot] = { ...PEOPLE[given.token], state: "open", phone: given.phone };
      return json({ id: PEOPLE[given.token].id, device: given.device, rescue: this.seal });
    }
    const session = phone.cookies[slot];
    if (!session) return no(401, "not_signed_in");
    if (session.state === "closed" || (session.state === "closing" && path.startsWith("sync/pull"))) return no(401, "session_closed");
    if (path === "rescues/seal") return json(this.seal);
    if (path.startsWith("narrations/")) return this.#sound(path.split("/")[1], headers);
    if (method === "DELETE") return (delete phone.cookies[slot], json({}));
    if (path === "sync/push") return json({ results: given.records.map((r) => this.#take(session, r)), ...this.#stamp() });
    if (path.startsWith("sync/pull")) return json({ me: this.#me(session), reset: false, left: [], more: false, cursor: "c1", ...this.rows, ...this.#stamp() });
    return this.#photo(method, path, headers, given);
  }

  // The bytes of a spoken guide that `Range` asks for.
  #sound(id, { Range }) {
    const all = this.sounds.get(id);
    if (!all) return no(404, "not_found");
    const [first, last] = Range.slice(6).split("-").map(Number);
    return new Response(all.slice(first, last + 1), { status: 206, headers: { "content-type": "audio/mpeg" } });
  }

  #stamp = () => ({ epoch: this.epoch, server_time: Date.now() });
  #me = ({ id, name, team }) => ({ id, name, team, role: this.leads ? "leader" : "member", commune: null, villages: [{ id: 11, name: "Đông Hòa", led: this.leads }], people: [{ id, name, role: "member" }] });

  #take(session, record) {
    const { id } = record;
    if (record.author !== session.id) return { id, result: "forbidden", code: "not_author" };
    if (this.refuses.has(id)) return { id, result: "invalid", code: "platform_unknown" };
    const known = this.records.get(id);
    if (!known) return (this.records.set(id, record), { id, result: "created" });
    if (JSON.stringify(known) === JSON.stringify(record)) return { id, result: "identical" };
    this.differing.push(id);
    return { id, result: "differs" };
  }

  #photo(method, path, headers, bytes) {
    const [, visit, , sha256] = path.split("/");
    const named = this.records.get(visit)?.payload.photos.find((p) => p.sha256 === sha256);
    if (!named) return method === "HEAD" ? new Response(null, { status: 404 }) : no(404, "not_found");
    const have = this.photos.get(path) ?? Buffer.alloc(0);
    if (method === "PATCH") {
      if (Number(headers["Upload-Offset"]) !== have.length) return no(409, "wrong_offset");
      this.photos.set(path, Buffer.concat([have, Buffer.from(bytes)]));
    }
    const now = this.photos.get(path) ?? have;
    const complete = now.length === named.bytes;
    if (complete && createHash("sha256").update(now).digest("hex") !== sha256) return no(422, "wrong_hash");
    return new Response(null, { status: method === "HEAD" ? 200 : 204, headers: { "upload-offset": String(now.length), "upload-complete": String(complete) } });
  }
}
