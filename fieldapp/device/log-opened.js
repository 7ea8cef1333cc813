// Stands on the screen of day logs: what is seen there is new no more.
import { useEffect } from "react";
import { commenting } from "./commenting.js";
import { useSlice } from "./store.js";

export function ReadMark() {
  const { said } = useSlice("today");
  useEffect(() => {
    if (said && !document.hidden) commenting.markRead();
  }, [said]);
  return null;
}
