// Plays phones for the histories: one command a line on standard input, one answer a line on standard output.
import { createInterface } from "node:readline";
import { deeds } from "./deeds.js";
import { storm } from "./storm.js";

const all = { ...deeds, ...storm };
process.on("unhandledRejection", () => {});

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { deed, ...given } = JSON.parse(line);
  try {
    say({ answer: await all[deed](given) });
  } catch (error) {
    say({ error: String(error?.stack ?? error) });
  }
}

// Whoever gave the commands is gone, and phones that live by themselves go too.
process.exit(0);
