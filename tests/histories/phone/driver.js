// Plays phones for the histories: one command a line on standard input, one answer a line on standard output.
import { createInterface } from "node:readline";
import { deeds } from "./deeds.js";

process.on("unhandledRejection", () => {});

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { deed, ...given } = JSON.parse(line);
  try {
    say({ answer: await deeds[deed](given) });
  } catch (error) {
    say({ error: String(error?.stack ?? error) });
  }
}
