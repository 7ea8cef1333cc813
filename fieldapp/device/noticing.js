// Whether this phone is told, while Tổ Số is closed, that something waits: the browser is asked, then the server. The
// people of one phone share the browser's subscription, so it is never ended here: nobody but the server knows of it.
import * as api from "./api.js";
import * as db from "./db.js";

const worker = globalThis.navigator?.serviceWorker;

export const isAble = () => !!worker && "PushManager" in globalThis && "Notification" in globalThis;
export const permission = () => globalThis.Notification?.permission ?? "denied";

// Gives false where the person or the browser said no; throws where the push service or the server was not reached.
export async function turnOn(key, locale) {
  if ((await Notification.requestPermission()) !== "granted") return false;
  await give(await subscribe(key), locale);
  return true;
}

export async function turnOff() {
  await api.dropNotices();
  await db.setFact("notices", { on: false, declined: true });
}

// Says again what was wished: the address may be another by now, the language too, or the session.
export async function renew(locale) {
  const wish = await db.getFact("notices");
  if (!wish?.on || !isAble() || permission() !== "granted") return;
  const { key, on } = await api.notices();
  if (!key) return;
  const subscription = await subscribe(key);
  if (!on || wish.endpoint !== subscription.endpoint || wish.locale !== locale) await give(subscription, locale);
}

// A subscription is for one key; one for an earlier key makes way.
async function subscribe(key) {
  const { pushManager } = await worker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  try {
    return await pushManager.subscribe(options);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(options);
  }
}

async function give(subscription, locale) {
  const { endpoint, keys } = subscription.toJSON();
  await api.takeNotices({ endpoint, p256dh: plain(keys.p256dh), auth: plain(keys.auth), locale });
  await db.setFact("notices", { on: true, endpoint, locale });
}

const plain = (text) => text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const bytesOf = (key) => Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
