// The page of a measurement in a real browser, with a mouse and with keys. `.ci/browser` makes the pages and runs it:
// node overview.mjs FOLDER CHROMIUM [PICTURES]
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { chromium } from "playwright-core";
import { run } from "./run.mjs";

const [folder, executablePath, pictures] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const troubles = [];

// Opens a page without a network, or one that is served, and writes down what it complains of and what it asks for.
const served = readFileSync(resolve(folder, "address"), "utf8").trim();
const open = async (name, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
  const isServed = name === served, address = isServed ? served : pathToFileURL(resolve(folder, name)).href;
  await context.setOffline(!isServed);
  const page = await context.newPage();
  page.on("console", message => { if (["error", "warning"].includes(message.type())) troubles.push(`${name}: ${message.text()}`); });
  page.on("pageerror", error => troubles.push(`${name}: ${error.stack}`));
  page.on("request", request => { if (!(isServed ? request.url().startsWith(address) : request.url() === address)) troubles.push(`${name} asks for ${request.url()}`); });
  await page.goto(address);
  await page.waitForSelector("body[data-opened]");
  return page;
};
const chart = page => page.locator("#time + .over"), curves = page => page.locator("#curves + .over");
const seen = async page => {
  // What was asked for is drawn with the next picture.
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
  const told = await chart(page).evaluate(over => ({ ...over.dataset }));
  return { from: +told.from, to: +told.to, shown: +told.shown, each: told.each === "true" };
};
const drawn = async page => {
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
  return curves(page).evaluate(over => ({ mode: over.dataset.mode, curves: +over.dataset.curves }));
};
const near = (found, wanted, off, what) => assert.ok(Math.abs(found - wanted) <= off, `${what}: ${found} should be ${wanted}`);

const tests = {
  // The table is row k at k / 2 s with 3 + (7919 k mod 1000) / 1000 V: see .ci/browser.
  async "zooms to single samples, which are those of the table"() {
    const page = await open("long.html"), over = chart(page);
    const all = await seen(page);
    assert.deepEqual([all.from, all.to, all.shown, all.each], [0, 24999.5, 50000, false]);
    const box = await over.boundingBox(), x = box.x + box.width * 0.4;
    await page.mouse.move(x, box.y + 90);
    for (let turn = 0; turn < 40 && (await seen(page)).shown > 30; turn++) await page.mouse.wheel(0, -400);
    const few = await seen(page);
    assert.ok(few.each && few.shown > 5 && few.shown <= 30, JSON.stringify(few));
    await page.mouse.move(x + 3, box.y + 90);
    const readout = await page.locator("#readout").textContent(), row = +/row ([\d,]+)/.exec(readout)[1].replace(/,/g, "");
    assert.ok(row / 2 >= few.from && row / 2 <= few.to, readout);
    near(+/Voltage ([\d.]+) V/.exec(readout)[1], 3 + (row * 7919 % 1000) / 1000, 1e-9, readout);
    await over.dblclick({ position: { x: 300, y: 90 } });
    assert.equal((await seen(page)).shown, 50000, "a double click shows all");
    await page.mouse.move(box.x + 300, box.y + 60);
    await page.mouse.down(); await page.mouse.move(box.x + 500, box.y + 80, { steps: 4 }); await page.mouse.up();
    const part = await seen(page), wide = box.width - 64 - 14, at = pixel => 24999.5 * (pixel - 64) / wide;
    near(part.from, at(300), 24999.5 / wide, "a dragged range begins"); near(part.to, at(500), 24999.5 / wide, "it ends");
    await page.waitForFunction(from => location.hash.startsWith(`#t=${from},`), part.from);
    await page.reload(); await page.waitForSelector("body[data-opened]");
    near((await seen(page)).from, part.from, 1e-6, "the address keeps the range");
  },

  async "a step and a cycle of the list are shown, cycles are laid over each other"() {
    const page = await open("cycling.html");
    await page.getByRole("tab", { name: "Steps" }).click();
    const step = page.locator("#step-list .line").nth(2).getByRole("button");
    await step.click();
    assert.equal(await page.locator("#step-list .line").nth(2).getByRole("button").getAttribute("aria-current"), "true");
    const [first, last] = /rows (\d+) to (\d+)/.exec(await step.getAttribute("title")).slice(1).map(Number), part = await seen(page);
    // A little more than the step is in sight, and its rows are among them.
    assert.ok(part.shown >= last - first + 1 && part.shown <= last - first + 5, JSON.stringify([part, first, last]));
    await page.getByRole("tab", { name: "Cycles" }).click();
    await page.getByRole("button", { name: "None" }).click();
    assert.deepEqual(await drawn(page), { mode: "capacity", curves: 0 });
    for (const cycle of [1, 2]) await page.getByRole("checkbox", { name: `Overlay cycle ${cycle}` }).check();
    assert.equal((await drawn(page)).curves, 4, "a charge and a discharge of each");
    await page.getByRole("button", { name: "dQ/dV" }).click();
    assert.deepEqual(await drawn(page), { mode: "incremental", curves: 4 });
    assert.match(await page.locator("#curve-readout").textContent(), /Differences over [\d.]+ mV/);
    await page.getByRole("button", { name: "Capacity over cycles" }).click();
    assert.deepEqual(await drawn(page), { mode: "cycles", curves: 2 });
    await page.locator("#cycle-list .line").nth(1).getByRole("button").click();
    assert.ok((await seen(page)).from > part.from);
    await page.getByRole("button", { name: "Whole test" }).click();
    assert.equal((await seen(page)).from, 0);
  },

  async "a finding leads to its row"() {
    const page = await open("finding.html"), before = await seen(page);
    await page.getByRole("tab", { name: "Findings" }).click();
    await page.getByRole("button", { name: "Show row 12" }).first().click();
    const after = await seen(page);
    // Twenty rows on both sides, where there are so many.
    assert.ok(after.from === before.from && after.shown >= 32 && after.shown <= 34, JSON.stringify([before, after]));
  },

  // The current of rows 80 to 159 has the other sign: see .ci/browser.
  async "what contradicts itself is marked where it is"() {
    const page = await open("turned.html"), over = chart(page);
    assert.match(await page.locator("#title").textContent(), /not valid/);
    // What makes a measurement invalid is what is shown first.
    assert.equal(await page.getByRole("tab", { name: "Findings" }).getAttribute("aria-selected"), "true");
    const marked = page.locator("#finding-list li.error");
    assert.match(await marked.textContent(), /current_sign_indeterminate/);
    await marked.getByRole("button", { name: "Show rows 80 to 159" }).click();
    const part = await seen(page);
    assert.ok(part.from > 0 && part.from < 80 * 60 && part.to > 159 * 60 && part.to < 239 * 60, JSON.stringify(part));
    await page.getByRole("button", { name: "Whole test" }).click();
    await seen(page);
    const colors = await over.evaluate((_, times) => {
      const canvas = document.querySelector("#time"), pen = canvas.getContext("2d"), wide = canvas.clientWidth - 64 - 14;
      const ratio = canvas.width / canvas.clientWidth, line = pen.getImageData(0, Math.round(22 * ratio), canvas.width, 1).data;
      return times.map(time => { const at = 4 * Math.round((64 + time / (239 * 60) * wide) * ratio); return [...line.slice(at, at + 3)]; });
    }, [40 * 60, 120 * 60, 200 * 60]);
    const isRed = ([red, green]) => red > 150 && green < 60;
    assert.deepEqual(colors.map(isRed), [false, true, false], JSON.stringify(colors));
    const box = await over.boundingBox();
    await page.getByRole("tab", { name: "Steps" }).click();
    await page.mouse.click(box.x + 64 + (box.width - 78) / 2, box.y + 20);
    assert.deepEqual(await seen(page), part, "a click on the mark leads there");
    assert.equal(await marked.getAttribute("aria-current"), "true");
    if (pictures) await page.screenshot({ path: `${pictures}/turned.png`, fullPage: true });
  },

  // Two million rows and more, like those of the first test.
  async "a page that is served has every sample"() {
    const page = await open(served), over = chart(page);
    const all = await seen(page);
    assert.ok(all.shown < 2200000 && !all.each, "the page itself has not so many");
    const box = await over.boundingBox(), x = box.x + box.width * 0.4;
    await page.mouse.move(x, box.y + 90);
    for (let turn = 0; turn < 60 && (await seen(page)).to - (await seen(page)).from > 15; turn++) await page.mouse.wheel(0, -400);
    await page.waitForFunction(() => /each sample is drawn/.test(document.querySelector("#range").textContent));
    await page.mouse.move(x + 3, box.y + 90);
    const readout = await page.locator("#readout").textContent(), row = +/row ([\d,]+)/.exec(readout)[1].replace(/,/g, "");
    assert.ok(row > 500000, readout);
    near(+/Voltage ([\d.]+) V/.exec(readout)[1], 3 + (row * 7919 % 1000) / 1000, 1e-9, readout);
    const few = await seen(page);
    near(few.shown, 2 * (few.to - few.from), 2, "two samples a second");
  },

  async "spectra are a Nyquist plot"() {
    const page = await open("impedance.html");
    const { mode, curves } = await drawn(page);
    assert.ok(mode === "plane" && curves >= 1, `${mode} ${curves}`);
  },

  async "everything is reached with keys"() {
    const page = await open("cycling.html");
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.closest("[data-line]")?.dataset.line || document.activeElement.className);
    const tabTo = async wanted => {
      for (let press = 0; press < 40; press++) { if (await focused() === wanted) return; await page.keyboard.press("Tab"); }
      assert.fail(`no way to ${wanted} with the tab key`);
    };
    await tabTo("over");
    const all = await seen(page);
    for (const key of ["+", "+", "ArrowRight"]) await page.keyboard.press(key);
    const part = await seen(page);
    near(part.to - part.from, (all.to - all.from) / 4, 1e-6, "twice closer");
    near(part.from, (all.to - all.from) * (3 / 8 + 1 / 40), 1e-6, "and a tenth later");
    await page.keyboard.press("0");
    assert.deepEqual(await seen(page), all);
    await tabTo("tab-cycles");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await focused(), "tab-steps");
    await page.keyboard.press("Tab");
    if (await focused() === "list") await page.keyboard.press("Tab");
    assert.equal(await focused(), "0");
    for (let press = 0; press < 3; press++) await page.keyboard.press("ArrowDown");
    assert.equal(await focused(), "3");
    await page.keyboard.press("Enter");
    assert.equal(await focused(), "3", "what was chosen keeps the focus");
    assert.ok((await seen(page)).shown < all.shown);
  },

  async "it is readable in the dark, in print, and on a narrow screen"() {
    const wide = page => page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    for (const colorScheme of ["light", "dark"]) for (const width of [1300, 800, 420]) {
      const page = await open("cycling.html", { colorScheme, viewport: { width, height: 900 } });
      const [content, window] = await wide(page);
      assert.ok(content <= window, `${content} pixels are wider than the window's ${window}`);
      const ground = await page.locator("#time").evaluate(canvas => [...canvas.getContext("2d").getImageData(2, 2, 1, 1).data.slice(0, 3)]);
      assert.equal(ground.every(value => value > 200), colorScheme === "light", `${colorScheme}: ${ground}`);
      if (pictures) await page.screenshot({ path: `${pictures}/cycling-${colorScheme}-${width}.png`, fullPage: true });
    }
    const page = await open("cycling.html", { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const ground = await page.locator("#time").evaluate(canvas => canvas.getContext("2d").getImageData(2, 2, 1, 1).data[0]);
    assert.equal(ground, 255, "print has a white ground");
    assert.equal(await page.locator("#whole").isVisible(), false);
  },
};

if (pictures) mkdirSync(pictures, { recursive: true });
await run(tests, browser, troubles);
