// Moving about at the desk: where the focus goes, what stays in sight, which form is emptied. Nothing here draws but a link.
import { createElement as h, useEffect, useRef } from "react";
import "./words-desk.js";
import { useWords } from "./words.js";

// What is refused stays to be mended; what was taken is emptied.
let sent = null;
export function EmptySent({ taken }) {
  useEffect(() => {
    const note = (event) => (sent = event.target.closest("form[data-emptied]"));
    document.addEventListener("submit", note, true);
    return () => document.removeEventListener("submit", note, true);
  }, []);
  useEffect(() => {
    sent?.reset();
    sent = null;
  }, [taken]);
  return null;
}

// Keeps the way of this page in sight, down the list at a desk and along it on a phone, also once that is turned; the page
// itself stays. `ways` is how many there are: they come after the frame.
export function InSight({ ways }) {
  useEffect(() => {
    const look = () => {
      const here = document.querySelector('.desk-nav [aria-current="page"]');
      for (const list of [here?.closest(".desk-nav"), here?.closest(".desk-ways")]) {
        if (!list) continue;
        const [frame, mark] = [list.getBoundingClientRect(), here.getBoundingClientRect()];
        if (mark.bottom > frame.bottom || mark.top < frame.top) list.scrollTop += mark.top - frame.top - frame.height / 2;
        if (mark.right > frame.right || mark.left < frame.left) list.scrollLeft += mark.left - frame.left - 16;
      }
    };
    look();
    addEventListener("resize", look);
    return () => removeEventListener("resize", look);
  }, [ways]);
  return null;
}

const MAIN = "desk-main";

// The first stop of the Tab key: past the list of pages.
export function SkipLink() {
  const words = useWords();
  const skip = (event) => {
    event.preventDefault();
    document.getElementById(MAIN)?.focus();
  };
  return h("a", { href: `#${MAIN}`, className: "skip button primary", onClick: skip }, words.t("desk.skip"));
}

// A panel that opens takes the focus to its title, Escape closes it, and then what opened it has the focus again. What was
// pressed in it may be gone, and the focus with it: Escape closes it then, too.
export function PanelKeys({ about }) {
  const mark = useRef(null);
  useEffect(() => {
    const [panel, opener] = [mark.current.closest(".side-panel"), document.activeElement];
    const close = ({ key, target }) => key === "Escape" && (target === document.body || panel.contains(target)) && panel.querySelector("header button").click();
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("keydown", close);
      if (document.activeElement !== document.body) return;
      const back = opener !== document.body && opener?.isConnected ? opener : document.getElementById(MAIN);
      back?.focus({ preventScroll: back.id === MAIN });
    };
  }, []);
  useEffect(() => {
    const panel = mark.current.closest(".side-panel");
    if (!panel.contains(document.activeElement)) panel.querySelector("h2").focus();
  }, [about]);
  return h("span", { ref: mark, hidden: true });
}
