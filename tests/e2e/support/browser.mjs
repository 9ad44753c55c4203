// A real browser: Debian's Chromium, without a window.
import http from "node:http";
import { chromium } from "playwright-core";
import { atEnd } from "./cleanup.mjs";

const executablePath = "/usr/bin/chromium";
const html = "<!doctype html><meta charset=utf-8><title>page</title>";

/** Opens pages in a browser of its own, which ends with the test. */
export async function startBrowser(t) {
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false });
  atEnd(t, () => browser.close());
  return browser.newContext();
}

/** A page of the server at `url`: what it answers where it has none. */
export async function openPageOf(browser, url) {
  const page = await browser.newPage();
  await page.goto(`${url}/no-page`);
  return page;
}

/** An origin of its own; `scripts` are served by their paths, everything else is an empty page. */
export async function startOrigin(t, scripts = {}) {
  const server = http.createServer((request, answer) => {
    const script = scripts[request.url];
    answer.setHeader("Content-Type", script ? "text/javascript; charset=utf-8" : "text/html");
    answer.end(script ?? html);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(t, () => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}`;
}
