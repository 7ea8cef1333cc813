// The link of a Zalo group, as fieldapp/domain/zalo_group.py says: to Zalo, and to no person.
import { holdsIdentity } from "./note.js";

const LINK = /^https:\/\/zalo\.me\/[A-Za-z0-9_\-./?=&%]{1,180}$/;

export const isGroupLink = (link) => LINK.test(link) && !holdsIdentity(link);
