// Spending: groupings, the way down to the calls, files.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { screenshots } from '../harness/files.mjs';
import { matrix, start } from '../harness/harness.mjs';

const rung = await start();

test('spend at every width and in both themes', () => matrix(rung, 'spend', '/spend?by=tag&by=model&period=30d'));

test('rows narrow step by step, and end at the calls', () => rung.withPage(async page => {
  await rung.visit(page, '/spend?by=team&period=30d', { axe: false });
  for (const step of [/by=tag/, /by=tier/, /by=model/, /by=day/, /\/calls\?/]) {
    await page.locator('#spend-table tbody th a').first().click();
    await page.waitForURL(step);
  }
  await rung.look(page);
  assert.match(page.url(), /tag=.*tier=.*model=/);
}));

test('a condition can be taken away again', () => rung.withPage(async page => {
  await rung.visit(page, '/spend?by=model&tier=small&period=30d', { axe: false });
  await page.getByRole('link', { name: /Take away the condition tier small/ }).click();
  await page.waitForURL(url => !url.search.includes('tier='));
  await rung.look(page);
}));

test('groupings are chosen by checkboxes', () => rung.withPage(async page => {
  await rung.visit(page, '/spend?by=tag&period=30d', { axe: false });
  await page.getByRole('checkbox', { name: 'tier' }).check();
  await page.waitForURL(/by=tag&by=tier/);
  assert.ok(await page.getByRole('columnheader', { name: 'tier', exact: true }).isVisible());
  assert.match(page.url(), /period=30d/);
}));

test('without JavaScript the same form has a button', () => rung.withPage(async page => {
  await rung.visit(page, '/spend?by=tag&period=30d', { axe: false });
  await page.getByRole('checkbox', { name: 'model' }).check();
  await page.locator('form[action="/spend"]').getByRole('button', { name: 'Show' }).last().click();
  await page.waitForURL(/by=tag&by=model/);
}, { javaScript: false }));

test('the files say what the page says', () => rung.withPage(async page => {
  await rung.visit(page, '/spend?by=tag&period=30d', { axe: false });
  const json = await page.request.get(rung.url + await page.getByRole('link', { name: 'JSON' }).first().getAttribute('href')).then(reply => reply.json());
  const sum = json.rows.reduce((all, row) => all + row.cost_nano_usd, 0);
  assert.equal(sum, json.totals.cost_nano_usd);
  const csv = await page.request.get(rung.url + await page.getByRole('link', { name: 'CSV' }).first().getAttribute('href')).then(reply => reply.text());
  assert.equal(csv.trim().split('\r\n').length, json.rows.length + 1);
}));

test('on paper the table fits the sheet, with everything that cannot be computed', () => rung.withPage(async page => {
  await rung.visit(page, '/spend?by=team&by=tag&by=tier&by=model&period=30d', { axe: false }); // Nothing may reach beyond the width.
  const heads = await page.locator('#spend-table thead th').evaluateAll(all => all.filter(head => head.checkVisibility()).map(head => head.textContent));
  assert.deepEqual(heads, ['team', 'tag', 'tier', 'model', 'calls', 'attempts', 'tokens in', 'out', 'cost', 'unknown price', 'saved']);
  await page.screenshot({ path: join(screenshots, 'spend-paper.png'), fullPage: true });
}, { media: 'print', width: 718 })); // A4 between its margins.

test('an address that asks for what cannot be says what would be right', () => rung.withPage(async page => {
  await rung.visit(page, '/spend?by=colour', { status: 400 });
  assert.match(await page.locator('main').innerText(), /by is team, tag, role, tier, model, day/);
}, { allow: [/400/] }));
