// Scenarios that open pages by the hundred have a process each: every life of a page keeps its copies of the modules.
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

// Plays each named scenario of the test file `url`; `play` says how many points it passed.
export function ownProcess(url, names, play) {
  const only = process.env.KILL_SCENARIO;
  if (only) return test(`killed anywhere in ${only}`, async (t) => t.diagnostic(`${await play(only)} points`));
  return describe("a phone is killed", { concurrency: 2 }, () => {
    for (const name of names) {
      test(`anywhere in ${name}`, async (t) => {
        const env = { ...process.env, KILL_SCENARIO: name };
        delete env.NODE_TEST_CONTEXT;
        const { stdout } = await run(process.execPath, [fileURLToPath(url)], { env, maxBuffer: 2 ** 26 }).catch((error) => {
          throw new Error(error.stdout);
        });
        t.diagnostic(/\d+ points/.exec(stdout)?.[0] ?? stdout);
      });
    }
  });
}
