// What a page's tests use. See README.md beside it.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium as browserType } from 'playwright-core';
import { chromium, screenshots } from './files.mjs';
import { barriers, undrawn, wide } from './look.mjs';
import { tellBreaches, watch } from './watch.mjs';
import { copyWorld, makeWorld, removeWorld, serve } from './world.mjs';

export const themes = ['light', 'dark'];
const heights = { 400: 860, 1280: 900, 3840: 2160 };

/** Key and operators of `start({ access: 'keys' })`. */
export const key = 'browser-test-key';
export const operator = { name: 'pat', token: 'browser-test-operator-token' };

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];

// Pages without JavaScript: nothing moves in them, and what waits for the next frame would wait for ever.
const still = new WeakSet();

/**
 * A gateway with the made-up ledger, and a browser. Everything is stopped after the tests of the file.
 * own: on a copy of the data, for tests that change something. access: 'local' (no keys), or 'keys' (implies own).
 */
export async function start({ own = false, access = 'local', args = [] } = {}) {
  const shared = process.env.RUNG_BROWSER_WORLD;
  const folders = [];
  let world = shared;
  if (!world) folders.push(world = await makeWorld());
  let gateway = null;
  let url = process.env.RUNG_BROWSER_URL;
  if (own || access === 'keys' || args.length > 0 || !shared) {
    const folder = shared || own ? await copyWorld(world) : world;
    if (folder !== world) folders.push(folder);
    const env = access === 'keys' ? { RUNG_KEYS: key, RUNG_OPERATORS: `${operator.name}=${operator.token}` } : {};
    gateway = await serve(folder, { env, args });
    url = gateway.url;
  }
  const profile = await mkdtemp(join(tmpdir(), 'rung-chromium-'));
  const browser = await browserType.launch({ executablePath: chromium(), headless: true, args: flags, env: { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile } });
  const rung = new Rung(url, browser, gateway);
  after(async () => {
    await browser.close();
    await gateway?.stop();
    for (const folder of folders) await removeWorld(folder);
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  return rung;
}

class Rung {
  constructor(url, browser, gateway) {
    /** Where the gateway is, without a slash behind it. */
    this.url = url;
    this.browser = browser;
    this.gateway = gateway;
  }

  /**
   * Runs something with a fresh page, and fails when the page did what it must not: errors, failed requests, requests beyond this machine, breaches of the
   * Content-Security-Policy. Options: width (1280), theme ('light'), javaScript (true), cookies (from another page), allow (patterns of faults that are expected).
   */
  async withPage(body, { width = 1280, theme = 'light', javaScript = true, storage, allow = [], media } = {}) {
    const context = await this.browser.newContext({
      viewport: { width, height: heights[width] ?? 900 }, colorScheme: theme, javaScriptEnabled: javaScript, storageState: storage, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC',
    });
    context.setDefaultTimeout(15_000);
    if (javaScript) await context.addInitScript(tellBreaches);
    const page = await context.newPage();
    if (!javaScript) still.add(page);
    if (media) await page.emulateMedia({ media });
    const faults = watch(page, { allow });
    try {
      const result = await body(page);
      assert.deepEqual(faults, [], `what ${page.url()} must not do`);
      return result;
    } catch (error) {
      if (faults.length > 0 && !String(error.message).includes('must not do')) error.message += `\nbeside that: ${faults.join('\n')}`;
      throw error;
    } finally {
      await context.close();
    }
  }

  /**
   * Goes to a path and looks at it: status (200), one h1, no sideways scrolling, and with axe. Gives the response. Options: status, axe (true), except (rules of axe that are
   * left out, with a reason beside them).
   */
  async visit(page, path, { status = 200, axe = true, except } = {}) {
    const response = await page.goto(this.url + path, { waitUntil: 'load' });
    assert.equal(response.status(), status, `status of ${path}`);
    await this.look(page, { axe, except });
    return response;
  }

  /** Looks at what the page shows now, as `visit` does: after a click, or when a part was fetched again. */
  async look(page, { axe = true, except } = {}) {
    await this.settled(page);
    const where = `${new URL(page.url()).pathname} at ${page.viewportSize().width} px`;
    assert.equal(await page.locator('h1').count(), 1, `${where}: one h1`);
    assert.deepEqual(await wide(page), [], `${where}: nothing scrolls sideways`);
    if (!still.has(page)) assert.deepEqual(await undrawn(page), [], `${where}: every chart is drawn`);
    if (axe) assert.deepEqual(await barriers(page, { except }), [], `${where}: axe`);
  }

  /** Waits until nothing is being fetched or drawn any more. */
  async settled(page) {
    await page.waitForLoadState('load');
    if (still.has(page)) return;
    // Asked anew from here: what waits inside the page would need eval, which the page forbids.
    const busy = () => page.evaluate(() => !!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')).catch(() => true);
    for (const end = Date.now() + 15_000; await busy(); await delay(50)) {
      if (Date.now() > end) throw new Error(`${page.url()} still fetches something after 15 s`);
    }
    // A page without JavaScript may never be asked for a frame: it is then as drawn as it will be.
    const drawn = page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))).catch(() => {});
    await Promise.race([drawn, delay(1_000, undefined, { ref: false })]);
  }

  /** Fetches every live part of the page anew, as news of the gateway would, and looks at it. */
  async renew(page) {
    await page.evaluate(() => {
      for (const name of ['calls', 'policy', 'rollouts', 'alerts', 'reviews']) document.body.dispatchEvent(new CustomEvent(`live:${name}`));
    });
    await this.look(page, { axe: false });
  }

  /** Signs in with a key or an operator's token (`start({ access: 'keys' })`). */
  async signIn(page, token) {
    await page.goto(`${this.url}/sign-in`);
    await page.locator('input[name=token]').fill(token);
    await Promise.all([page.waitForURL(url => !url.pathname.startsWith('/sign-in')), page.getByRole('button', { name: 'Sign in' }).click()]);
  }
}

/** Where a page is loaded, and what its window then becomes: each theme begins with another width. */
const tour = { light: [400, 1280, 3840], dark: [1280, 3840, 400] };

// Order and size are the width's, colours the theme's: axe finds the same again elsewhere. RUNG_BROWSER_AXE=all looks everywhere.
const judgedAt = process.env.RUNG_BROWSER_AXE === 'all' ? { light: [400, 1280, 3840], dark: [400, 1280, 3840] } : { light: [400, 1280], dark: [1280] };

/**
 * A page at three widths and in both themes: each is looked at and written to artifacts/screenshots/<name>-<width>-<theme>.png.
 * before: what is done on the page first, once a theme.
 */
export async function matrix(rung, name, path, { before, except, status } = {}) {
  await mkdir(screenshots, { recursive: true });
  for (const theme of themes) {
    const [first, ...others] = tour[theme];
    await rung.withPage(async page => {
      const look = async width => {
        await rung.look(page, { axe: judgedAt[theme].includes(width), except });
        await page.screenshot({ path: join(screenshots, `${name}-${width}-${theme}.png`), fullPage: true, animations: 'disabled' });
      };
      await rung.visit(page, path, { axe: false, status });
      await before?.(page);
      await look(first);
      for (const width of others) {
        await page.setViewportSize({ width, height: heights[width] });
        await look(width);
      }
      await rung.renew(page);
    }, { width: first, theme });
  }
}
