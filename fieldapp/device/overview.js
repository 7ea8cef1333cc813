// What the overview does in the browser alone: the way over its map, a link to copy, paper.
import { Fragment, createElement as h, useEffect, useState } from "react";
import { useWords } from "./words.js";
import "./overview.css";
import "./words-overview.js";

const NEAR = 34;
const WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const FINGERS = ["touch", "pen"];
const marksOf = (map) => [...map.querySelectorAll(".mark")];

function middle(mark) {
  const box = mark.querySelector("circle").getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, r: box.width / 2 };
}

// The mark under a pointer: of those that lie over one another the one whose middle is nearest.
function nearest(map, { clientX, clientY }) {
  let best = null;
  for (const mark of marksOf(map)) {
    const at = middle(mark);
    const far = Math.hypot(at.x - clientX, at.y - clientY);
    if (far <= Math.max(at.r, NEAR) && (!best || far < best.far)) best = { mark, far };
  }
  return best?.mark ?? null;
}

// The next mark in a direction: the nearest one of the quarter that lies that way.
function next(map, from, [dx, dy]) {
  const here = middle(from);
  let best = null;
  for (const mark of marksOf(map)) {
    const at = middle(mark);
    const along = (at.x - here.x) * dx + (at.y - here.y) * dy;
    const aside = Math.abs((at.x - here.x) * dy) + Math.abs((at.y - here.y) * dx);
    if (mark === from || along <= 0 || aside > along) continue;
    if (!best || along + aside < best.far) best = { mark, far: along + aside };
  }
  return best?.mark ?? null;
}

// Says what the chosen mark shows, in a line below the map. By keys the map is one stop; arrows go from mark to mark in
// it, Home and End to the first and last. A finger chooses first and opens with the second tap or the button.
export function MapKeys({ hint }) {
  const words = useWords();
  const [chosen, setChosen] = useState(null);
  useEffect(() => {
    const choose = (mark) => {
      document.querySelector(".mark[data-here]")?.removeAttribute("data-here");
      mark?.setAttribute("data-here", "");
      setChosen(mark);
    };
    // What was chosen before a finger came down: the browser focuses what is under it ahead of the click.
    let before = null;
    const mapOf = (event) => event.target.closest?.(".unit-map");
    const listening = {
      focusin: (event) => {
        const mark = event.target.closest?.(".mark");
        if (!mark) return;
        for (const other of marksOf(mark.closest(".unit-map"))) other.setAttribute("tabindex", other === mark ? "0" : "-1");
        choose(mark);
      },
      pointerdown: () => {
        before = document.querySelector(".mark[data-here]");
      },
      pointermove: (event) => {
        const map = event.pointerType === "mouse" && mapOf(event);
        const mark = map && nearest(map, event);
        if (mark) choose(mark);
      },
      click: (event) => {
        const map = event.isTrusted && event.detail > 0 && mapOf(event);
        if (!map || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const mark = nearest(map, event);
        const first = FINGERS.includes(event.pointerType) && mark !== before;
        if (mark && !first && event.target.closest(".mark") === mark) return;
        event.preventDefault();
        event.stopPropagation();
        choose(mark);
        if (mark && !first) open(mark);
      },
      keydown: (event) => {
        const from = event.target.closest?.(".mark");
        if (!from) return;
        const map = from.closest(".unit-map");
        const ends = { Home: marksOf(map)[0], End: marksOf(map).at(-1) };
        const to = WAYS[event.key] ? next(map, from, WAYS[event.key]) : ends[event.key];
        if (!WAYS[event.key] && !to) return;
        event.preventDefault();
        to?.focus();
      },
    };
    for (const [name, hear] of Object.entries(listening)) document.addEventListener(name, hear, true);
    return () => {
      for (const [name, hear] of Object.entries(listening)) document.removeEventListener(name, hear, true);
    };
  }, []);
  const shown = chosen?.isConnected ? chosen : null;
  return h(
    "div", { className: "map-said row wrap between" },
    h("p", { role: "status", className: shown ? "strong" : "soft" }, shown ? shown.getAttribute("aria-label") : hint),
    shown && h("button", { type: "button", className: "button compact", onClick: () => open(shown) }, words.t("overview.open")),
  );
}

function open(mark) {
  mark.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
}

// Copies the address of the view as it stands, its days fixed.
export function CopyLink({ to }) {
  const words = useWords();
  const [said, setSaid] = useState("");
  useEffect(() => setSaid(""), [to]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.origin + to);
      setSaid("overview.copied");
    } catch {
      setSaid("overview.not_copied");
    }
  };
  return h(
    Fragment, null,
    h("button", { type: "button", className: "button compact", onClick: copy }, words.t("overview.copy")),
    h("button", { type: "button", className: "button compact", onClick: () => print() }, words.t("overview.print")),
    h("span", { role: "status", className: "small" }, said && words.t(said)),
  );
}

// On paper alone: where the same view is found again.
export function PrintedAddress({ to }) {
  const [origin, setOrigin] = useState("");
  useEffect(() => setOrigin(location.origin), []);
  return h("p", { className: "print-only small" }, origin + to);
}
