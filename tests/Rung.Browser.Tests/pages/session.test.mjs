// A session as the run of an agent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrix, start } from '../harness/harness.mjs';

const rung = await start();

// The session of the newest call of a role that plans, which has the most to show; else of any call.
const path = await rung.withPage(async page => {
  for (const list of ['/calls?role=planner', '/calls']) {
    await page.goto(rung.url + list);
    const links = page.locator('#calls a.session');
    if (await links.count() > 0) return links.first().getAttribute('href');
  }
  return null;
});

test('a session at every width and in both themes', () => matrix(rung, 'session', path));

test('its roles and its calls lead further', () => rung.withPage(async page => {
  await rung.visit(page, path);
  assert.ok(await page.locator('#roles tbody.role').count() > 0);
  await page.locator('#roles tbody a').first().click();
  await page.waitForURL(/\/calls\?session=/);
  assert.ok(await page.locator('#calls tbody tr').count() > 0);
  await page.goto(rung.url + path);
  await page.locator('#run tbody th a').first().click();
  await page.waitForURL(/\/calls\/[0-9a-f]{32}$/);
}));

test('a session that nobody knows gets a page that says so', () => rung.withPage(async page => {
  await rung.visit(page, '/sessions/nobody%2Fknows', { status: 404 });
}, { allow: [/404/] }));
