// The list of calls, and one call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrix, start } from '../harness/harness.mjs';

const rung = await start();

const firstCall = page => page.locator('#calls tbody tr th a').first();

test('calls at every width and in both themes', () => matrix(rung, 'calls', '/calls'));

test('a call at every width and in both themes', async () => {
  const path = await rung.withPage(async page => {
    await rung.visit(page, '/calls?escalated=true&limit=5', { axe: false });
    return firstCall(page).getAttribute('href');
  });
  await matrix(rung, 'call', path);
});

test('the search is a form whose state is the URL', () => rung.withPage(async page => {
  await rung.visit(page, '/calls');
  await page.getByLabel('Climbed').selectOption('true');
  await page.getByLabel('Outcome').selectOption('answered');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/escalated=true/);
  await rung.look(page);
  const rows = await page.locator('#calls tbody tr').allInnerTexts();
  assert.ok(rows.length > 0);
  for (const row of rows) assert.match(row, /climbed/);
  assert.equal(await page.getByLabel('Climbed').inputValue(), 'true');
}));

test('older calls are a page further', () => rung.withPage(async page => {
  await rung.visit(page, '/calls?limit=10', { axe: false });
  const newest = await firstCall(page).getAttribute('href');
  await page.getByRole('link', { name: 'older »' }).click();
  await page.waitForURL(/after=/);
  assert.notEqual(await firstCall(page).getAttribute('href'), newest);
  await page.getByRole('link', { name: '« newest' }).click();
  await page.waitForURL(url => !url.search.includes('after='));
}));

test('a call names its attempts with their reasons', () => rung.withPage(async page => {
  await rung.visit(page, '/calls?escalated=true&limit=5', { axe: false });
  await firstCall(page).click();
  await page.waitForURL(/\/calls\/[0-9a-f]{32}$/);
  await rung.look(page);
  assert.match(await page.locator('main').innerText(), /One rung up/);
  assert.ok(await page.locator('.time-bar').count() >= 2);
}));

test('a wrong search says what would be right', () => rung.withPage(async page => {
  await rung.visit(page, '/calls?since=whenever', { status: 400 });
  assert.match(await page.getByRole('alert').innerText(), /cannot be read/);
}, { allow: [/400/] }));

test('without JavaScript the search works', () => rung.withPage(async page => {
  await page.goto(`${rung.url}/calls`);
  await page.getByLabel('Climbed').selectOption('true');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/escalated=true/);
  assert.ok(await page.locator('#calls tbody tr').count() > 0);
}, { javaScript: false }));
