// The queue, and answers judged blind: by keys, by buttons, without JavaScript.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrix, start } from '../harness/harness.mjs';

const rung = await start();

test('reviews at every width and in both themes', () => matrix(rung, 'reviews', '/reviews'));

const mine = await start({ own: true });

const named = async (page, name = 'tester') => {
  await page.goto(`${mine.url}/reviews/next`);
  const field = page.getByLabel(/^Your name/);
  if (!await field.count()) return;
  await field.fill(name);
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.waitForLoadState();
};

test('an item at every width and in both themes', () => mine.withPage(async page => {
  for (const width of [400, 1280, 3840]) {
    await page.setViewportSize({ width, height: 900 });
    await named(page);
    await mine.look(page);
  }
}));

test('the page before the verdict names no model, and the one after it does', () => mine.withPage(async page => {
  await named(page);
  const blind = await page.content();
  const answers = await page.locator('#answers section').count();
  await page.keyboard.press('n');
  await page.waitForURL(/told=/);
  await mine.look(page);
  const told = page.getByRole('region', { name: 'Your last verdict' });
  const models = await told.locator('p strong').allInnerTexts();
  assert.equal(models.length, answers + 1);
  for (const model of models.slice(1)) assert.ok(!blind.includes(model.replace(/'s$/, '')), model);
}));

test('keys judge: two for a pair, one for an answer alone; a comment goes along; a slip is not sure', () => mine.withPage(async page => {
  await named(page);
  await page.keyboard.press('c');
  await page.keyboard.type('by keys: gb');
  assert.match(await page.getByLabel(/Comment/).inputValue(), /by keys: gb/); // Keys write while one writes.
  await page.keyboard.press('Escape');
  if (await page.locator('.answers.two').count()) {
    await page.keyboard.press('1');
    assert.match(await page.locator('#keys-now').innerText(), /Left is better/);
    await page.keyboard.press('o');
  } else {
    await page.keyboard.press('g');
  }
  await page.waitForURL(/told=/);
  assert.match(await page.getByRole('region', { name: 'Your last verdict' }).innerText(), /Your verdict: (left is better|good enough)/);
  await page.keyboard.press('u');
  await page.waitForURL(/notice=/);
  assert.match(await page.locator('.notice').first().innerText(), /counts as not sure/);
}));

test('skipping tells nothing and goes on', () => mine.withPage(async page => {
  await named(page);
  const first = await page.locator('form.verdict').getAttribute('action');
  await page.keyboard.press('s');
  await page.waitForURL(/notice=/);
  assert.equal(await page.getByRole('region', { name: 'Your last verdict' }).count(), 0);
  assert.notEqual(await page.locator('form.verdict').getAttribute('action'), first);
}));

test('without JavaScript the buttons judge', () => mine.withPage(async page => {
  await named(page, 'plain hands');
  await page.getByRole('group', { name: /No difference|The answer is/ }).getByRole('button').first().click();
  assert.match(page.url(), /told=/);
  assert.match(await page.getByRole('region', { name: 'Your last verdict' }).innerText(), /Your verdict/);
}, { javaScript: false }));
