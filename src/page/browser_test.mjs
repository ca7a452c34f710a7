// The page in a headless Chromium: how soon it is there, what it shows live, by keyboard, to who
// does not see it, on a narrow window, and that texts of cases stay texts.
//   browser_test.mjs SLABHOUND EXAMPLE SOURCE [SHOTS]    SHOTS: a folder for screenshots
// Exit code 77, and a line: there is no Chromium.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

const [slabhound, example, source, shots] = process.argv.slice(2);
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (!chromium) {
  console.log("page: SKIPPED, no Chromium; scripts/setup.sh test installs it");
  process.exit(77);
}
const fetched = (name) => execFileSync(join(source, "scripts/fetch.sh"), [name], { encoding: "utf8" }).trim();
const playwright = createRequire(import.meta.url)(fetched("playwright-core"));
const axe = readFileSync(join(fetched("axe-core"), "axe.min.js"), "utf8");

const top = mkdtempSync(join(tmpdir(), "slabhound-page-"));
const folder = join(top, "findings");
execFileSync(example, [folder, "500", "2000", "10000"]);
const served = spawn(slabhound, ["serve", folder, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
const url = await new Promise((resolve) => served.stdout.once("data", (line) => resolve(String(line).trim())));
const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox"] });

const complaints = [];
async function open(address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  await page.goto(address);
  return page;
}

// One of these, with all that it shows.
const pages = { "": ".strip", "#/bugs": ".bugs tbody tr", "#/reach": ".heat", bug: ".bugs tbody a" };
async function openPage(name, options) {
  const page = await open(name === "bug" ? `${url}#/bugs` : url + name, options);
  await page.waitForSelector(pages[name]);
  if (name !== "bug") return page;
  await page.locator(".bugs tbody a").nth(6).click();
  await page.waitForSelector(".bug-head");
  return page;
}

// Then times are those of the others: they are told, and not judged.
function isBusy() {
  const is_busy = loadavg()[0] > cpus().length;
  if (is_busy) console.log(`  NOT JUDGED: the machine's load is ${loadavg()[0]}`);
  return is_busy;
}

const tests = {
  // Told, not judged: most of it is the browser's own.
  async tellsHowSoonItLoads() {
    for (const [address, wanted] of [["", ".strip .stat"], ["#/bugs", ".bugs tbody tr"], ["#/reach", ".heat"]]) {
      const times = [], spent = [];
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      const page = await context.newPage();
      // The browser's own start is not the page's.
      await page.goto(url);
      await page.addInitScript((selector) => {
        const look = () => { if (document.querySelector(selector)) globalThis.shown_at ??= performance.now(); };
        new MutationObserver(look).observe(document, { childList: true, subtree: true });
      }, wanted);
      const inspector = await context.newCDPSession(page);
      await inspector.send("Performance.enable", { timeDomain: "threadTicks" });
      const cpuSeconds = async () => {
        const { metrics } = await inspector.send("Performance.getMetrics");
        return metrics.find(({ name }) => name === "TaskDuration").value;
      };
      for (let i = 0; i < 5; ++i) {
        await page.goto("about:blank");
        const before = await cpuSeconds();
        await page.goto(url + address);
        await page.waitForFunction(() => globalThis.shown_at !== undefined);
        times.push(await page.evaluate(() => globalThis.shown_at));
        spent.push(1000 * (await cpuSeconds() - before));
      }
      await context.close();
      const text = (list) => list.sort((a, b) => a - b).map((each) => each.toFixed(0)).join(" ");
      console.log(`  ${address || "#/"}: shown after ${text(times)} ms, CPU ${text(spent)} ms`);
    }
  },

  async showsEventsLive() {
    const page = await open(url);
    await page.waitForSelector(".state.live");
    const began = Number(execFileSync(example, [folder], { encoding: "utf8" }));
    const seen = await page.waitForFunction((text) => document.body.textContent.includes(text) && Date.now(), `event ${began}`);
    const took = (await seen.jsonValue()) - began;
    console.log(`  ${took} ms from the event to the screen`);
    assert.ok(took < 2000 || isBusy(), `${took} ms`);
    await page.context().close();
  },

  async textsStayTexts() {
    const page = await open(`${url}#/bugs`);
    await page.selectOption("select", "all");
    const link = page.getByRole("link", { name: "<script>" }).first();
    await link.click();
    await page.waitForSelector(".bug-head");
    assert.equal(await page.locator("main img, main script").count(), 0);
    assert.notEqual(await page.title(), "taken");
    assert.ok((await page.textContent(".text pre")).includes("<script>document.title='taken'"));
    await page.context().close();
  },

  async worksByKeyboard() {
    const page = await open(`${url}#/bugs`);
    await page.waitForSelector(".bugs");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await page.getByRole("button", { name: "Cases", exact: true }).focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.getAttribute("th.count[aria-sort]", "aria-sort"), "descending");
    execFileSync(example, [folder]);
    await page.waitForTimeout(1500);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Cases");
    await page.keyboard.press("Enter");
    assert.equal(await page.getAttribute("th.count[aria-sort]", "aria-sort"), "ascending");
    await page.locator(".bugs tbody a").nth(1).focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".bug-head");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    await page.context().close();
  },

  async takesWhatPeopleSay() {
    const page = await open(`${url}#/bugs`);
    await page.locator(".bugs tbody a").nth(3).click();
    await page.fill("#label", "a label of ours");
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForSelector("h1:text('a label of ours')");
    await page.getByRole("button", { name: "Mark known" }).click();
    await page.waitForSelector(".bug-head .mark.known");
    await page.context().close();
  },

  async hasNoSeriousFaults() {
    for (const address of Object.keys(pages)) {
      for (const colorScheme of ["light", "dark"]) {
        const page = await openPage(address, { colorScheme });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        assert.deepEqual(serious.map(({ id, nodes }) => [address, colorScheme, id, nodes[0].html, nodes[0].failureSummary]), []);
        await page.context().close();
      }
    }
  },

  async fitsANarrowWindow() {
    for (const address of Object.keys(pages)) {
      const page = await openPage(address, { viewport: { width: 400, height: 800 } });
      const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
      assert.ok(width <= 400, `${address} is ${width} pixels wide`);
      await page.context().close();
    }
  },

  async reportNeedsNoServer() {
    const file = join(top, "report.html");
    assert.equal(spawnSync(slabhound, ["report", folder, "--out", file]).status, 0);
    const page = await open(`file://${file}#/bugs`, { offline: true });
    await page.locator(".bugs tbody a").nth(3).click();
    await page.waitForSelector(".bug-head");
    assert.ok((await page.textContent(".text pre")).includes("(module"));
    assert.equal(await page.locator(".acts").count(), 0);
    assert.equal(await page.locator("main img[src=x]").count(), 0);
    await page.context().close();
  },
};

// What a person looks at: each page, wide and narrow, light and dark.
async function shoot() {
  for (const [name, address] of [["overview", ""], ["bugs", "#/bugs"], ["reach", "#/reach"], ["bug", "bug"]]) {
    for (const width of [1400, 400]) {
      for (const colorScheme of ["light", "dark"]) {
        const page = await openPage(address, { viewport: { width, height: 900 }, colorScheme });
        await page.waitForTimeout(400);
        await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`) });
        await page.context().close();
      }
    }
  }
}

let failed = 0;
try {
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test();
      assert.deepEqual(complaints.splice(0), []);
      console.log(`ok ${name}`);
    } catch (error) {
      ++failed;
      console.log(`FAILED ${name}: ${error.message}`);
      complaints.length = 0;
    }
  }
  if (shots) await shoot();
} finally {
  await browser.close();
  served.kill("SIGTERM");
  rmSync(top, { recursive: true });
}
process.exit(failed ? 1 : 0);
