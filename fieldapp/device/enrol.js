// The ways to an invitation beside its link: its QR before this page's own camera, and its short code typed in. An
// installed app on an iPhone needs them, since it opens no links and does not share the browser's storage.
import { parseTyped } from "./card-code.js";
import { secretIn } from "./invitation.js";
import { INITIAL, patch, put, slice } from "./state.js";

let take = async () => {};

export const enrolling = {
  typeCode: (typed) => patch("enrol", { typed, error: "" }),
  submitCode() {
    const { typed } = slice("enrol");
    const found = secretIn(typed) || parseTyped(typed);
    return found ? take(found) : patch("enrol", { error: "enrolment_code_wrong" });
  },
  scanInvitation: () => patch("enrol", { scanning: true, error: "", camera: "" }),
  stopScanning: () => patch("enrol", { scanning: false }),
  enrolCameraFailed: (camera) => patch("enrol", { scanning: false, camera }),
  // Says whether the reader may stop.
  invitationRead(text) {
    const secret = secretIn(text);
    if (!secret) return false;
    navigator.vibrate?.(60);
    put({ enrol: INITIAL.enrol });
    take(secret);
    return true;
  },
};

// Where an invitation goes once it is found.
export const onInvitation = (taker) => (take = taker);
