// Danh bạ: whom to call, and the commune's common group.
import { contacts, NOTHING } from "./contacts.js";
import { data, furnish } from "./state.js";

furnish({ contacts: NOTHING }, () => ({ contacts: contacts(data) }));

export const calling = {};
