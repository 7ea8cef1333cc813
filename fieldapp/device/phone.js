// The phone shell's one effect: opens the store with a way to navigate, and follows the address.
import { useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { actions, readAddress, start } from "./store.js";

export function PhoneRoot() {
  const navigate = useNavigate();
  const { pathname, search, hash } = useLocation();
  useEffect(() => {
    start((path) => navigate(path));
  }, []);
  useEffect(() => {
    readAddress();
    if (pathname.startsWith("/m/scan")) actions.startScan();
    scrollTo(0, 0);
  }, [pathname, search, hash]);
  return null;
}
