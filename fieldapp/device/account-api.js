// What the desk asks of the server about passwords, their links and the second step of signing in.
import { askAtDesk } from "./api.js";

export const accountLink = (account) => askAtDesk("POST", `accounts/${account}/link`);
export const accountOfLink = (token) => askAtDesk("POST", "account-links/preview", { token });
export const setPassword = (token, password) => askAtDesk("POST", "account-links/use", { token, password });
export const changePassword = (old, fresh) => askAtDesk("POST", "account/password", { old, new: fresh });
export const beginSecondStep = (password) => askAtDesk("POST", "account/second-step", { password });
export const confirmSecondStep = (code) => askAtDesk("POST", "account/second-step/confirm", { code });
export const endSecondStep = (password) => askAtDesk("POST", "account/second-step/end", { password });
export const providerOffered = () => askAtDesk("GET", "provider");
