// The phone shell's effects: opens the store with a way to navigate, and follows the address.
import { useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { follow, readOn } from "./dialogs.js";
import { actions, readAddress, start } from "./store.js";

let shown = "";

export function PhoneRoot() {
  const navigate = useNavigate();
  const { pathname, search, hash } = useLocation();
  useEffect(() => {
    start((path) => navigate(path));
    if (!shown) follow();
  }, []);
  useEffect(() => {
    readAddress();
    if (pathname.startsWith("/m/scan")) actions.startScan();
    scrollTo(0, 0);
    if (shown && shown !== pathname) readOn();
    shown = pathname;
  }, [pathname, search, hash]);
  return null;
}
