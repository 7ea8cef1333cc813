// For whoever sees no screen or has only keys: a sheet takes the focus and holds it, and gives it back where it came from;
// the title of the page follows its heading.
import { say } from "./words.js";

const OPEN = '[aria-modal="true"]';
const STOPS = "a[href], button:not(:disabled), input, select, textarea";
let open = null;
let before = null;

const focus = (element) => {
  if (!element) return;
  if (!element.matches(STOPS)) element.tabIndex = -1;
  element.focus({ preventScroll: true });
};
const heading = () => document.querySelector("h1");

function look() {
  const [name, title] = [say("app.name"), heading()?.textContent];
  const full = !title || title === name ? name : `${title} · ${name}`;
  if (document.title !== full) document.title = full;
  const shown = [...document.querySelectorAll(OPEN)].at(-1) ?? null;
  if (shown === open) return;
  if (!open) before = document.activeElement;
  open = shown;
  if (!open) focus(before?.isConnected && before !== document.body ? before : heading());
  else if (!open.contains(document.activeElement)) focus(open);
}

function onKey(event) {
  if (!open) return;
  if (event.key === "Escape") open.querySelector("[data-close]")?.click();
  if (event.key !== "Tab") return;
  const stops = [...open.querySelectorAll(STOPS)].filter((one) => one.offsetParent);
  const [first, last] = [stops[0] ?? open, stops.at(-1) ?? open];
  const here = document.activeElement;
  const within = here !== open && open.contains(here);
  if (within && here !== (event.shiftKey ? first : last)) return;
  event.preventDefault();
  focus(event.shiftKey ? last : first);
}

export function follow() {
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  document.addEventListener("keydown", onKey);
  look();
}

// A page that was gone to is read from its heading on.
export const readOn = () => focus(heading());
