// Runs tests by their names, each in contexts of its own; what a page complained of fails its test. Ends the program.
import assert from "node:assert/strict";

export async function run(tests, browser, troubles) {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    troubles.length = 0;
    try {
      await test();
      assert.deepEqual(troubles, []);
      console.log(`ok      ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAILED  ${name}\n${error.stack}\n${troubles.join("\n")}`);
    }
    for (const context of browser.contexts()) await context.close();
  }
  await browser.close();
  process.exit(failed ? 1 : 0);
}
