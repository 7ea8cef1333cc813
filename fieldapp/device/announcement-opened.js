// Stands on the screen of an announcement: whoever sees it there has opened it.
import { useEffect } from "react";
import { announcing } from "./announcing.js";
import { useSlice } from "./store.js";

export function OpenMark() {
  const { at, found } = useSlice("announcements");
  useEffect(() => {
    if (found && !document.hidden) announcing.opened(at);
  }, [at, found]);
  return null;
}
