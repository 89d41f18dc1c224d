// What proved each tier: tags, runs, sets, calibration.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrix, start } from '../harness/harness.mjs';

const rung = await start();

test('evidence at every width and in both themes', () => matrix(rung, 'evidence', '/evidence'));

const first = (page, table) => page.getByRole('table', { name: table }).getByRole('rowheader').getByRole('link').first();

test('a run and its judge at every width and in both themes', () => rung.withPage(async page => {
  await rung.visit(page, '/evidence', { axe: false });
  const path = await first(page, /Runs of evals/).getAttribute('href');
  await matrix(rung, 'evidence-run', path);
}));

test('a set at every width and in both themes', () => rung.withPage(async page => {
  await rung.visit(page, '/evidence', { axe: false });
  const path = await first(page, /Eval sets/).getAttribute('href');
  await matrix(rung, 'evidence-set', path);
}));

test('the decision of a run stands in words, and its intervals beside their numbers', () => rung.withPage(async page => {
  await rung.visit(page, '/evidence', { axe: false });
  await first(page, /Runs of evals/).click();
  assert.match(await page.locator('main .lead').first().innerText(), /eligible|cannot be said|not trusted/);
  const table = page.getByRole('table', { name: /Quality less the reference/ });
  assert.ok(await table.locator('svg .estimate').count() > 0);
  assert.match(await table.innerText(), /points \(/);
}));

test('calibration of a verifier: a diagram that is also read as a table', () => rung.withPage(async page => {
  await rung.visit(page, '/evidence', { axe: false });
  const link = page.locator('a[href^="/evidence/calibration/"]').first();
  const path = await link.count() ? await link.getAttribute('href') : '/evidence/calibration/' + (await page.getByRole('table', { name: /Evidence of each tag/ }).getByRole('rowheader').first().innerText()).split('\n')[0];
  await matrix(rung, 'evidence-calibration', path);
  await rung.visit(page, `${path}?days=365`);
  if (await page.locator('.reliability svg').count()) assert.ok(await page.getByRole('table', { name: 'The same as numbers' }).first().isVisible());
}));

test('without JavaScript everything is there', () => rung.withPage(async page => {
  await page.goto(`${rung.url}/evidence`);
  for (const name of ['What proved each tier', 'Certificates', 'Judges', 'Runs', 'Eval sets']) assert.ok(await page.getByRole('heading', { name, exact: true }).isVisible(), name);
}, { javaScript: false }));
