// What an invitation looks like, before a camera and in a person's fingers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { proofOf, secretIn } from "../../fieldapp/device/invitation.js";

const SECRET = "Zk3_-aB9Zk3_-aB9Zk3_-aB9Zk3_-aB9Zk3_-aB9abc";

test("a link on any host holds the secret behind its #", () => {
  for (const link of [`https://toso.example.vn/m/join/#${SECRET}`, ` http://192.168.1.7:8443/m/join#${SECRET}\n`]) assert.equal(secretIn(link), SECRET);
});

test("a card, another page, a short secret and nothing at all hold none", () => {
  for (const text of ["HTTPS://TOSO.VN/H/7K3QWX9D2MPZ4RTA0", `https://toso.vn/m/#${SECRET}`, "https://toso.vn/m/join/#short", "", null]) assert.equal(secretIn(text), "");
});

test("a short code is sent as a code, however it is typed, and anything longer as a secret", () => {
  assert.deepEqual(proofOf("0123-abct"), { code: "0123-abct" });
  assert.deepEqual(proofOf(SECRET), { token: SECRET });
});
