import { mkdir } from 'node:fs/promises';
import { chromium as type } from 'playwright-core';
import { chromium } from './harness/files.mjs';
import { barriers, wide } from './harness/look.mjs';
import { tellBreaches, watch } from './harness/watch.mjs';
import { serve } from './harness/world.mjs';
const out = '/tmp/w7/shots'; await mkdir(out, { recursive: true });
const g = await serve(process.env.WORLD);
const browser = await type.launch({ executablePath: chromium(), args: ['--no-sandbox','--disable-gpu','--disable-quic'] });
const pages = process.argv.slice(2);
for (const path of pages) {
  const name = path === '/' ? 'now' : path.slice(1).replace(/[^a-z0-9]+/gi, '_').slice(0, 40);
  for (const [width, theme] of (process.env.ALL ? [[400,'light'],[400,'dark'],[1280,'light'],[1280,'dark'],[3840,'light'],[3840,'dark']] : [[400,'dark'],[1280,'light'],[3840,'dark']])) {
    const c = await browser.newContext({ viewport: { width, height: width === 3840 ? 2160 : 900 }, colorScheme: theme });
    await c.addInitScript(tellBreaches);
    const p = await c.newPage(); const faults = watch(p);
    const t = Date.now();
    const r = await p.goto(g.url + path, { waitUntil: 'load' }); const ms = Date.now() - t;
    await p.waitForTimeout(400);
    const w = await wide(p); const a = width === 3840 ? [] : await barriers(p);
    const timing = await p.evaluate(() => { const n = performance.getEntriesByType('navigation')[0]; return Math.round(n.responseEnd - n.requestStart); });
    console.log(`${path} ${width} ${theme}: ${r.status()} ${timing} ms (load ${ms}) h1=${await p.locator('h1').count()}`, [...faults, ...w.map(x=>'WIDE '+x), ...a].join('\n   '));
    await p.screenshot({ path: `${out}/${name}-${width}-${theme}.png`, fullPage: true });
    await c.close();
  }
}
await browser.close(); await g.stop();
