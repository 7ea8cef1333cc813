// The phone shell's effects: opens the store with a way to navigate, and follows the address. Behind a PIN it draws the way
// in, but for whoever joins.
import { createElement as h, lazy, Suspense, useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { follow, readOn } from "./dialogs.js";
import { actions, readAddress, start, useSlice } from "./store.js";

const LockScreen = lazy(() => import("./lock-screen.js"));
let shown = "";

export function PhoneRoot() {
  const navigate = useNavigate();
  const { pathname, search, hash } = useLocation();
  const { locked } = useSlice("lock");
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
  }, [pathname, search, hash, locked]);
  return locked && !pathname.startsWith("/m/join") ? h(Suspense, { fallback: null }, h(LockScreen)) : null;
}
