// Both axes, one alert, silences.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { key, matrix, operator, start } from '../harness/harness.mjs';

const rung = await start();

test('alerts at every width and in both themes', () => matrix(rung, 'alerts', '/alerts', { before: page => page.getByText('Make a silence').click() }));

test('every tag has quality and cost side by side, and says whether it is armed', () => rung.withPage(async page => {
  await rung.visit(page, '/alerts', { axe: false });
  const rows = page.getByRole('table', { name: /Quality and cost of each tag/ }).getByRole('row');
  assert.ok(await rows.count() > 1);
  for (const text of (await rows.allInnerTexts()).slice(1)) assert.match(text, /armed/);
}));

test('an alert leads to its history, and back', () => rung.withPage(async page => {
  await rung.visit(page, '/alerts', { axe: false });
  const link = page.locator('main a[href^="/alerts/"]').first();
  const name = await link.innerText();
  await link.click();
  await rung.look(page);
  assert.match(await page.getByRole('table', { name: /What happened to it/ }).innerText(), /began|fired|resolved|withdrawn/, name);
  await page.getByRole('navigation', { name: 'Where this page is' }).getByRole('link', { name: 'Alerts' }).click();
  assert.match(page.url(), /\/alerts$/);
}));

test('alerts are printed without forms', () => rung.withPage(async page => {
  await rung.visit(page, '/alerts', { axe: false });
  assert.ok(await page.getByRole('heading', { name: 'Both axes' }).isVisible());
  assert.equal(await page.locator('main form:visible').count(), 0);
}, { media: 'print' }));

const mine = await start({ access: 'keys' });

test('an operator makes a silence and ends it, under the own name; a key only looks', () => mine.withPage(async page => {
  await mine.signIn(page, key);
  await mine.visit(page, '/alerts');
  await page.getByText('Make a silence').click();
  assert.ok(await page.getByRole('button', { name: 'Silence it' }).isDisabled());
  await page.getByRole('button', { name: 'Sign out' }).click();
  await mine.signIn(page, operator.token);
  await mine.visit(page, '/alerts', { axe: false });
  await page.getByText('Make a silence').click();
  await page.getByLabel(/^Kind/).selectOption('upstream_version');
  await page.getByLabel(/^For/).fill('2d');
  await page.getByLabel(/^Why/).fill('announced by the vendor');
  await page.getByRole('button', { name: 'Silence it' }).click();
  await mine.look(page);
  const row = page.getByRole('row').filter({ hasText: 'announced by the vendor' });
  assert.match(await row.innerText(), new RegExp(operator.name));
  await row.getByRole('button', { name: /End silence/ }).click();
  await mine.settled(page);
  assert.match(await page.locator('.notice').first().innerText(), new RegExp(`was ended by ${operator.name}`));
}));

test('without JavaScript a silence can be made, and a bad one is told why', () => mine.withPage(async page => {
  await mine.signIn(page, operator.token);
  await page.goto(`${mine.url}/alerts`);
  await page.getByText('Make a silence').click();
  await page.getByLabel(/^Why/).fill('quiet, please');
  await page.getByRole('button', { name: 'Silence it' }).click();
  assert.match(await page.locator('.notice').first().innerText(), /A silence of everything would hide/);
}, { javaScript: false }));
