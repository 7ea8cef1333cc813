// What leaves the phone by a person's hand: through the share sheet where there is one, else copied.
import { toast } from "./state.js";

export const canShare = () => typeof navigator.share === "function";

// Shares a text, with a picture where the phone shares files. Who turns away from the sheet has chosen to.
export async function share(text, file) {
  if (!canShare()) return copy(text);
  const whole = file && navigator.canShare?.({ files: [file] }) ? { text, files: [file] } : { text };
  return navigator.share(whole).catch((error) => error.name === "AbortError" || copy(text));
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("share.copied");
  } catch {
    toast("share.not_copied");
  }
}
