// Health: models, queues, files, prices, policy, control loop.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrix, start } from '../harness/harness.mjs';

const rung = await start();

test('health at every width and in both themes', () => matrix(rung, 'health', '/health?period=24h'));

test('every model has its breaker, every queue its room', () => rung.withPage(async page => {
  await rung.visit(page, '/health?period=30d', { axe: false });
  const models = page.locator('#models tbody tr');
  assert.ok(await models.count() > 1);
  for (const row of await models.all()) assert.match(await row.innerText(), /calls go to it|open|rest|no key|not in the policy/);
  assert.match(await page.locator('#queues').innerText(), /calls for the ledger[\s\S]*copies for rollouts[\s\S]*messages about alerts[\s\S]*roll-ups/);
}));

test('the page moves by itself', () => rung.withPage(async page => {
  await rung.visit(page, '/health', { axe: false });
  await page.evaluate(() => document.body.dispatchEvent(new CustomEvent('live:calls')));
  await page.waitForResponse(response => response.request().headers()['hx-request'] === 'true');
  await rung.settled(page);
  assert.equal(await page.locator('h1').innerText(), 'Health');
}));
