// The org chart, its history, what a call would get, and the way back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { key, matrix, operator, start } from '../harness/harness.mjs';

const rung = await start();

test('the org chart at every width and in both themes', () => matrix(rung, 'policy', '/policy'));
test('the history at every width and in both themes', () => matrix(rung, 'policy-history', '/policy/history', { before: page => page.locator('main details summary').first().click() }));
test('a revision at every width and in both themes', () => matrix(rung, 'policy-revision', '/policy/history/2'));
test('the explanation of a call at every width and in both themes', () => matrix(rung, 'policy-explain', '/policy/explain?tag=edit-file&input_tokens=2000&needs=tools'));
test('the confirmation of a roll-back at every width and in both themes', () => matrix(rung, 'policy-roll-back', '/policy/history/1/roll-back'));

test('every tag of the policy stands once, with owner, reason and what catches its failure', () => rung.withPage(async page => {
  await rung.visit(page, '/policy', { axe: false });
  const cards = page.getByRole('article');
  const tags = (await (await page.request.get(`${rung.url}/policy.json`)).json()).rungs.flatMap(at => at.routes);
  assert.equal(await cards.count(), tags.length);
  for (const text of await cards.allInnerTexts()) {
    assert.match(text, /owner/);
    assert.match(text, /caught by/);
  }
}));

test('a lint of a tag leads to its reason and its fix', () => rung.withPage(async page => {
  await rung.visit(page, '/policy', { axe: false });
  const lint = page.getByRole('article').getByRole('link', { name: /^RUNG\d+$/ }).first();
  const code = await lint.innerText();
  await lint.click();
  assert.match(await page.locator('tr:target').innerText(), new RegExp(code));
}));

test('a tag leads to the explanation of a call, and the form asks on', () => rung.withPage(async page => {
  await rung.visit(page, '/policy', { axe: false });
  await page.getByRole('article').getByRole('link', { name: 'explain a call' }).first().click();
  await page.getByLabel('input tokens').fill('900000');
  await page.getByLabel('vision').check();
  await page.getByRole('button', { name: 'Explain' }).click();
  await rung.look(page);
  assert.match(page.url(), /input_tokens=900000/);
  assert.match(await page.getByRole('heading', { level: 2 }).first().innerText(), /It goes to|REFUSED/);
}));

test('a revision is compared with any other by its address', () => rung.withPage(async page => {
  await rung.visit(page, '/policy/history/3', { axe: false });
  await page.getByLabel('compared with').selectOption('1');
  await page.getByRole('button', { name: 'Compare' }).click();
  assert.match(page.url(), /\/policy\/history\/3\?with=1$/);
  await rung.look(page, { axe: false });
  assert.match(await page.getByText(/From revision 1 to revision 3/).innerText(), /From revision 1/);
}));

const mine = await start({ access: 'keys' });

test('an operator rolls back with a reason; a key only looks', () => mine.withPage(async page => {
  await mine.signIn(page, key);
  await mine.visit(page, '/policy/history/1/roll-back');
  assert.ok(await page.getByRole('button', { name: 'Roll back to revision 1' }).isDisabled());
  await page.getByRole('button', { name: 'Sign out' }).click();
  await mine.signIn(page, operator.token);
  await mine.visit(page, '/policy/history/1/roll-back', { axe: false });
  await page.getByLabel(/^Why/).fill('the browser test goes <b>back</b>');
  await page.getByRole('button', { name: 'Roll back to revision 1' }).click();
  await mine.look(page);
  assert.match(await page.getByRole('status').filter({ hasText: 'on record as revision' }).innerText(), /revision 1 again/);
  const newest = await page.locator('.revision').first().innerText();
  assert.match(newest, /pat: rollback to 1: the browser test goes <b>back<\/b>/);
}));
