// The road between a phone and the server, and all that may happen on it. A fault is named for one request.
import http from "node:http";

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const PATIENCE = 15000;
const cut = () => new TypeError("the connection was cut");

// One real request. While the server is starting again it is knocked at until it opens.
export function wire(origin, { method, path, headers, body }, { half = false } = {}) {
  const until = Date.now() + PATIENCE;
  const attempt = () =>
    new Promise((resolve, reject) => {
      const request = http.request(`${origin}${path}`, { method, headers, agent: half ? undefined : agent }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
        response.on("error", () => reject(cut()));
      });
      request.on("error", (error) => reject(Object.assign(cut(), { code: error.code })));
      if (!half) return request.end(body);
      request.write(body.subarray(0, Math.floor(body.length / 2)), () => setImmediate(() => request.destroy()));
    });
  const knock = () =>
    attempt().catch((error) => {
      if (error.code !== "ECONNREFUSED" || Date.now() > until) throw error;
      return new Promise((done) => setTimeout(done, 10)).then(knock);
    });
  return knock();
}

function answer({ status, headers, body }) {
  const given = new Headers(Object.entries(headers).filter(([, value]) => typeof value === "string"));
  return new Response([204, 304].includes(status) ? null : body, { status, headers: given });
}
const page = (status) => new Response("<h1>Wi-Fi</h1>", { status, headers: { "content-type": "text/html" } });

// What each fault does with a request; `send` delivers it, `road` keeps what is still on its way.
const FAULTS = {
  ok: async (send) => answer(await send()),
  drop: () => Promise.reject(cut()),
  lose: (send) => send().catch(() => {}).then(() => Promise.reject(cut())),
  cut: (send) => send({ half: true }).then(() => Promise.reject(cut())),
  torn: async (send) => {
    const whole = await send();
    return answer({ ...whole, body: whole.body.subarray(0, Math.floor(whole.body.length / 2)) });
  },
  twice: async (send) => {
    const [, second] = await Promise.all([send(), send()]);
    return answer(second);
  },
  late: (send, road) => {
    road.late.push(() => send().catch(() => {}));
    return Promise.reject(cut());
  },
  hang: (send, road) =>
    send().then((whole) => new Promise((done) => {
      road.hanging += 1;
      road.late.push(() => {
        road.hanging -= 1;
        done(answer(whole));
      });
    })),
  portal: async () => page(200),
  busy: async () => page(503),
  bad_gateway: async (send) => send().catch(() => {}).then(() => page(502)),
};
// Faults that the server itself plays, told by a header that only the tests' own server knows.
const AT_SERVER = /^(before_commit|after_commit|die):?(\d*)$/;

export class Road {
  constructor(origin) {
    Object.assign(this, { origin, plan: [], late: [], hanging: 0, counts: {} });
  }

  async carry(request) {
    const fault = this.plan.shift() ?? "ok";
    this.counts[request.method] = (this.counts[request.method] ?? 0) + 1;
    const played = AT_SERVER.test(fault) ? { ...request, headers: { ...request.headers, "x-test-fault": fault } } : request;
    return (FAULTS[fault] ?? FAULTS.ok)((how) => wire(this.origin, played, how), this);
  }

  // Everything that is still on its way arrives now, oldest first.
  async release() {
    for (const arrive of this.late.splice(0)) await arrive();
  }
}
