// In a table of numbers the arrows and Enter go from field to field, as officers know it from their tables.
import { useEffect } from "react";

const STEPS = { ArrowUp: -1, ArrowDown: 1, Enter: 1 };

// The field above or below in the same column, if there is one.
function near(field, by) {
  const cell = field.closest("td, th");
  let row = cell?.parentElement;
  for (;;) {
    row = by > 0 ? row?.nextElementSibling : row?.previousElementSibling;
    if (!row) return null;
    const found = row.children[cell.cellIndex]?.querySelector("input.grid-field");
    if (found) return found;
  }
}

function move(event) {
  const by = STEPS[event.key];
  if (!by || event.isComposing || !event.target.matches?.("input.grid-field")) return;
  const next = near(event.target, by);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
}

export function GridKeys() {
  useEffect(() => {
    document.addEventListener("keydown", move);
    return () => document.removeEventListener("keydown", move);
  }, []);
  return null;
}
