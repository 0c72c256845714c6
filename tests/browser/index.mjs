// The page over a batch in a real browser, with a mouse and with keys. `.ci/browser` makes the batch and runs it:
// node index.mjs FOLDER CHROMIUM [PICTURES]
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { chromium } from "playwright-core";
import { run } from "./run.mjs";

const [folder, executablePath, pictures] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const troubles = [];
const HOSTILE = "<img src=x onerror=alert(1)> & 100%#1.csv";

// Opens a page without a network, and writes down what it complains of and what it asks for.
const open = async (name = "batch/index.html", options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
  await context.setOffline(true);
  const page = await context.newPage(), below = pathToFileURL(resolve(folder)).href;
  page.on("console", message => { if (["error", "warning"].includes(message.type())) troubles.push(`${name}: ${message.text()}`); });
  page.on("pageerror", error => troubles.push(`${name}: ${error.stack}`));
  page.on("dialog", dialog => { troubles.push(`${name} says ${dialog.message()}`); return dialog.dismiss(); });
  page.on("request", request => { if (!request.isNavigationRequest() || !request.url().startsWith(below)) troubles.push(`${name} asks for ${request.url()}`); });
  const [path, named] = name.split("#");
  await page.goto(pathToFileURL(resolve(folder, path)).href + (named ? `#${named}` : ""));
  await page.waitForSelector("body[data-opened]");
  return page;
};
const soon = page => page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
const names = page => page.locator("tr.line .main").allTextContents();
const drawn = async page => { await soon(page); return page.locator("#cycles + .over").evaluate(over => ({ ...over.dataset })); };
const box = (page, name) => page.getByRole("checkbox", { name: `Draw the cycles of ${name}`, exact: true });

const tests = {
  async "the worst comes first and says why, and what is no test is folded away"() {
    const page = await open(), lines = page.locator("tr.line");
    assert.deepEqual((await names(page)).slice(0, 3), ["header_count.mpt", "turned.csv", "cycling.mpr"]);
    const [unreadable, invalid] = [await lines.nth(0).innerText(), await lines.nth(1).innerText()];
    assert.match(unreadable, /unreadable\s+expected .*malformed/s); assert.match(invalid, /invalid\s+the voltage contradicts .*current_sign_indeterminate/s);
    assert.equal(await page.locator("#others summary").textContent(), "1 file is no test: 1 unknown");
    assert.equal(await page.getByText("<b>notes.txt").isVisible(), false);
    await page.locator("#others summary").click();
    assert.equal(await page.getByText("<b>notes.txt").isVisible(), true);
    assert.equal(await page.locator("td.voltage svg").count(), 8, "all but the unreadable one have a thumbnail");
    assert.match(await page.locator("tr.line", { hasText: "flat.csv" }).first().locator("td.voltage path").getAttribute("d"), /^M0 \d+L/);
  },

  async "names are text"() {
    const page = await open();
    assert.equal(await page.getByRole("link", { name: HOSTILE }).count(), 1);
    assert.equal(await page.locator("img, b:not(strong b)").count(), 0);
    await page.getByRole("link", { name: HOSTILE }).click();
    assert.ok(decodeURIComponent(page.url()).endsWith(`${HOSTILE}/overview.svg`), page.url());
  },

  async "filters by words and by status, and the address keeps it"() {
    const page = await open(), filter = page.getByLabel("Filter by any text");
    await filter.fill("NEWARE two");
    assert.deepEqual(await names(page), [HOSTILE]);
    await filter.fill("TWO CSV");
    assert.deepEqual(await names(page), ["turned.csv", HOSTILE, "missed_beat.csv"]);
    assert.equal(await page.locator("#count").textContent(), "3 of 9 measurements");
    await page.getByRole("button", { name: /1 invalid/ }).click();
    assert.deepEqual(await names(page), ["turned.csv"]);
    await page.waitForFunction(() => location.hash.includes("status=invalid"));
    await page.reload();
    assert.deepEqual(await names(page), ["turned.csv"]);
    await filter.fill("nothing is called so");
    await page.getByRole("button", { name: "Show all" }).click();
    assert.equal((await names(page)).length, 9);
    await page.locator("tr.line", { hasText: "turned.csv" }).getByRole("button", { name: /Details/ }).click();
    await page.getByRole("button", { name: "current_sign_indeterminate" }).click();
    assert.deepEqual(await names(page), ["turned.csv"], "a code is a filter");
  },

  async "sorts, both ways, and what has no value comes last"() {
    const page = await open(), by = async name => { await page.locator("thead").getByRole("button", { name }).click(); return names(page); };
    const start = await by("Start (UTC)"), last = start[start.length - 1];
    const back = await by("Start (UTC)");
    assert.equal(back[back.length - 1], last); assert.notEqual(back[0], start[0]);
    assert.equal(await page.locator("th.start").getAttribute("aria-sort"), "descending");
    const cycles = async () => (await page.locator("tr.line td.cycles").allTextContents()).map(text => text ? +text : -1);
    await by("Cycles"); await by("Cycles");
    const found = await cycles();
    assert.deepEqual(found, [...found].sort((a, b) => b - a));
  },

  async "groups, folds, and draws a group"() {
    const page = await open();
    await page.getByLabel("Group by").selectOption("maker");
    const groups = await page.locator("tr.group").allInnerTexts(), named = name => groups.find(group => group.startsWith(name));
    assert.match(named("Neware"), /2 measurements/); assert.match(named("no maker"), /1 measurement · 1 unreadable/);
    assert.equal(groups.filter(group => /1 invalid/.test(group)).length, 1);
    await page.getByRole("button", { name: "Neware" }).click();
    assert.equal((await names(page)).length, 7);
    await page.getByRole("button", { name: "Neware" }).click();
    await page.locator("tr.group", { hasText: "Neware" }).getByRole("button", { name: /Draw these 2/ }).click();
    assert.equal((await drawn(page)).lines, "2");
  },

  async "draws the cycles of those that are ticked"() {
    const page = await open();
    assert.equal(await page.locator("#drawn").isVisible(), false);
    for (const name of ["flat.csv", "cycling.res"]) await box(page, name).check();
    const both = await drawn(page);
    assert.deepEqual([both.lines, both.quantity, both.unit], ["2", "discharge", "A·h"]);
    assert.ok(+both.points >= 4);
    await page.getByLabel("in % of the first cycle").check();
    assert.equal((await drawn(page)).unit, "%");
    await page.getByRole("button", { name: "Efficiency" }).click();
    assert.equal((await drawn(page)).quantity, "efficiency");
    const over = page.locator("#cycles + .over"), place = await over.boundingBox();
    const readout = async () => page.locator("#readout").textContent();
    for (let x = 60; x < place.width && !(await readout()); x += 12) {
      for (let y = 20; y < place.height && !(await readout()); y += 12) {
        await page.mouse.move(place.x + x, place.y + y);
        await soon(page);
      }
    }
    assert.match(await readout(), /cycle \d+ · [\d.]+ %/);
    await page.locator("#legend").getByRole("button", { name: "flat.csv" }).click();
    assert.equal(await box(page, "flat.csv").isChecked(), false);
    assert.equal((await drawn(page)).lines, "1");
    await page.getByRole("button", { name: "Draw none" }).click();
    assert.equal(await page.locator("#drawn").isVisible(), false);
  },

  async "a line opens the picture, and back leads to the page as it was"() {
    const page = await open();
    await page.getByLabel("Group by").selectOption("folder");
    await box(page, "cycling.mpr").check();
    // What is not valid has its picture too.
    await page.locator("tr.line", { hasText: "turned.csv" }).locator("td.voltage").click();
    await page.waitForURL("**/two/turned.csv/overview.svg");
    await page.goBack();
    await page.waitForSelector("body[data-opened]");
    assert.equal(await page.getByLabel("Group by").inputValue(), "folder");
    assert.equal(await box(page, "cycling.mpr").isChecked(), true);
    assert.equal((await drawn(page)).lines, "1");
  },

  async "a line opens the page of its measurement where there is one"() {
    const page = await open("paged/index.html");
    await page.locator("tr.line", { hasText: "flat.csv" }).first().locator("td.status").click();
    await page.waitForURL("**/overview.html");
    await page.waitForSelector("body[data-opened]");
    await page.goBack();
    await page.waitForSelector("tr.line");
  },

  async "everything is reached with keys"() {
    const page = await open(), press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
    const focused = () => page.evaluate(() => document.activeElement.textContent);
    const tabTo = async (what, way = "Tab") => {
      for (let k = 0; k < 40; k++) { if (await page.evaluate(selector => document.activeElement.matches(selector), what)) return; await press(way); }
      assert.fail(`no way to ${what} with the tab key`);
    };
    await press("/");
    await page.keyboard.type("neware");
    assert.equal((await names(page)).length, 2);
    await press("Escape");
    assert.equal((await names(page)).length, 9);
    await tabTo("tr.line .main");
    assert.equal(await focused(), "header_count.mpt");
    await press("ArrowDown", "ArrowDown", "ArrowUp");
    assert.equal(await focused(), "turned.csv");
    await press("ArrowRight");
    assert.equal(await page.locator("tr.details").count(), 1);
    await press("ArrowLeft");
    assert.equal(await page.locator("tr.details").count(), 0);
    for (let k = 0; k < 9 && await focused() !== "flat.csv"; k++) await press("ArrowDown");
    await press(" ");
    assert.equal((await drawn(page)).lines, "1");
    assert.equal(await focused(), "flat.csv", "what was drawn keeps the focus");
    await press("Shift+Tab", "Shift+Tab");
    await tabTo("thead th.cycles button", "Shift+Tab");
    await press("Enter");
    assert.equal(await page.locator("th.cycles").getAttribute("aria-sort"), "ascending");
    await tabTo("tr.line .main");
    for (let k = 0; k < 9 && await focused() !== "flat.csv"; k++) await press("ArrowDown");
    await press("Enter");
    await page.waitForURL("**/flat.csv/overview.svg");
    await page.goBack();
    await page.waitForSelector("body[data-opened]");
    assert.equal((await drawn(page)).lines, "1");
  },

  async "it is readable in the dark, in print, and on a narrow screen"() {
    for (const colorScheme of ["light", "dark"]) for (const width of [1300, 800, 420]) {
      const page = await open("batch/index.html#group=maker", { colorScheme, viewport: { width, height: 900 } });
      await page.getByRole("button", { name: "Draw all listed" }).click();
      await page.locator("button.more").first().click();
      await soon(page);
      const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= window, `${content} pixels are wider than the window's ${window}`);
      const cut = await page.evaluate(() => [...document.querySelectorAll("tr.line td, th")].filter(cell => cell.offsetWidth && cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent));
      assert.deepEqual(cut, [], `cells that are too narrow at ${width}`);
      const ground = await page.locator("#cycles").evaluate(canvas => canvas.getContext("2d").getImageData(2, 2, 1, 1).data[0]);
      assert.equal(ground > 200, colorScheme === "light");
      if (pictures) await page.screenshot({ path: `${pictures}/index-${colorScheme}-${width}.png`, fullPage: true });
    }
    const page = await open("batch/index.html", { colorScheme: "dark" });
    await page.getByRole("button", { name: "Draw all listed" }).click();
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await page.locator("#cycles").evaluate(canvas => canvas.getContext("2d").getImageData(2, 2, 1, 1).data[0]), 255, "print has a white ground");
    assert.equal(await page.locator("#controls").isVisible(), false);
    if (pictures) await page.screenshot({ path: `${pictures}/index-print.png`, fullPage: true });
  },

  // The rows of the batch again and again, each with a name of its own.
  async "thousands of lines open in a moment and are found"() {
    const text = readFileSync(resolve(folder, "batch/index.html"), "utf8"), [before, rest] = text.split('id="told">'), at = rest.indexOf("</script>");
    const told = JSON.parse(rest.slice(0, at)), rows = told.rows.filter(row => row.status !== "unknown");
    told.rows = Array.from({ length: 3000 }, (_, k) => ({ ...rows[k % rows.length], source: `batch/${String(k).padStart(4, "0")}_${rows[k % rows.length].source}` }));
    const long = [before, 'id="told">', JSON.stringify(told).replace(/</g, "\\u003c"), rest.slice(at)].join("");
    writeFileSync(resolve(folder, "long.html"), long);
    const page = await open("long.html"), opened = +await page.evaluate(() => document.body.dataset.opened);
    console.log(`        3,000 lines: ${Math.round(long.length / 1000)} kB, opened within ${opened} ms`);
    assert.ok(long.length < 4e6);
    assert.ok((await names(page)).length < 1000, "only what is near is there");
    await page.getByLabel("Filter by any text").fill("2999_");
    assert.equal((await names(page)).length, 1);
    await page.getByLabel("Filter by any text").fill("");
    await page.waitForFunction(() => { scrollTo(0, document.body.scrollHeight); return document.querySelectorAll("tr.line").length === 3000; }, null, { polling: 50 });
  },
};

if (pictures) mkdirSync(pictures, { recursive: true });
await run(tests, browser, troubles);
