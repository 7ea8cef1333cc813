// What an invitation looks like: the secret behind the # of a link, or a short code under its QR.
import { parseTyped } from "./card-code.js";

// The secret in what a camera read or a person pasted, or nothing. The host does not matter: the server knows its own.
export const secretIn = (text) => /\/m\/join\/?#([\w-]{20,100})$/.exec((text ?? "").trim())?.[1] ?? "";

// What the server is asked with.
export const proofOf = (invitation) => (parseTyped(invitation) ? { code: invitation } : { token: invitation });
