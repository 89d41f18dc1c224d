// The first page: one sentence, four panels, marks, a period in the URL, and that it moves by itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrix, start } from '../harness/harness.mjs';

const rung = await start();
const panels = ['Cost per session', 'Quality', 'Fallbacks and escalations', 'Answers that people replaced'];

test('the first page at every width and in both themes', () => matrix(rung, 'overview', '/?period=7d'));

test('a sentence stands above four panels, and each has a table of its numbers', () => rung.withPage(async page => {
  await rung.visit(page, '/?period=30d', { axe: false });
  assert.ok((await page.locator('.attention .sentence').innerText()).length > 20);
  for (const name of panels) {
    const panel = page.getByRole('region', { name, exact: true });
    assert.ok(await panel.getByRole('table').first().isVisible(), name);
  }
  assert.match(await page.locator('#now').innerText(), /Baseline: the same tokens, answered once by/);
}));

test('what is drawn is drawn: lines, and marks with their letters', () => rung.withPage(async page => {
  await rung.visit(page, '/?period=30d', { axe: false });
  await page.locator('#cost-chart canvas').waitFor();
  assert.ok(await page.locator('#cost-chart-marks li').count() > 0, 'marks are listed beside the chart');
  await page.locator('#cost-chart-marks summary').click();
  const link = page.locator('#cost-chart-marks a').first();
  assert.match(await link.getAttribute('href'), /^\/(policy|rollouts|alerts)/);
}));

test('the period and what it is compared with stand in the URL', () => rung.withPage(async page => {
  await rung.visit(page, '/', { axe: false });
  await page.getByRole('link', { name: '30d' }).click();
  await page.waitForURL(/period=30d/);
  await page.getByRole('link', { name: 'with the week before' }).click();
  await page.waitForURL(/compare=week/);
  assert.match(page.url(), /period=30d/);
  await rung.look(page);
}));

test('what was open stays open when the page moves by itself', () => rung.withPage(async page => {
  await rung.visit(page, '/?period=7d', { axe: false });
  await page.locator('#quality-chart-numbers summary').click();
  await page.evaluate(() => document.body.dispatchEvent(new CustomEvent('live:calls')));
  await page.waitForResponse(response => response.url().includes('period=7d') && response.request().headers()['hx-request'] === 'true');
  await rung.settled(page);
  await page.locator('#quality-chart-numbers[open]').waitFor();
}));

test('charts are drawn again when the page moves by itself', () => rung.withPage(async page => {
  await rung.visit(page, '/?period=7d', { axe: false });
  const made = await page.locator('#made').innerText();
  await page.waitForTimeout(1_000); // The foot has whole seconds.
  await page.locator('#cost-chart canvas').evaluate(canvas => { canvas.dataset.old = 'yes'; });
  await page.evaluate(() => document.body.dispatchEvent(new CustomEvent('live:calls')));
  await page.locator('#cost-chart canvas:not([data-old])').waitFor();
  assert.notEqual(await page.locator('#made').innerText(), made, 'and the foot says when');
  assert.equal(await page.locator('#made').count() + await page.locator('#period-range').count(), 2);
  await rung.look(page, { axe: false });
}));

test('a tag leads to what it costs by tier and model', () => rung.withPage(async page => {
  await rung.visit(page, '/?period=30d', { axe: false });
  await page.locator('#cost-table tbody th a').first().click();
  await page.waitForURL(/\/spend\?by=tier&by=model&tag=/);
  await rung.look(page);
}));

test('on paper the first page is a report', () => rung.withPage(async page => {
  await rung.visit(page, '/?period=30d', { axe: false });
  assert.equal(await page.getByRole('navigation', { name: 'Pages' }).isVisible(), false);
  for (const name of panels) assert.ok(await page.getByRole('heading', { name, exact: true }).isVisible(), name);
}, { media: 'print' }));

test('what is closed is printed, by the style sheet where there is no script', () => rung.withPage(async page => {
  await rung.visit(page, '/?period=30d', { axe: false });
  assert.equal(await page.locator('#cost-chart-numbers').getAttribute('open'), null);
  assert.ok(await page.locator('#cost-chart-numbers table').isVisible(), 'the numbers of the chart');
  assert.ok(await page.locator('#cost-chart-marks li').first().isVisible(), 'its marks');
  assert.equal(await page.locator('#quality-chart-marks').isVisible(), false, 'and those once');
}, { media: 'print', javaScript: false, width: 718 }));

test('a script opens what is closed for print, and closes it again', () => rung.withPage(async page => {
  await rung.visit(page, '/?period=30d', { axe: false });
  await page.locator('#climb-chart-numbers summary').click();
  const open = () => page.locator('details[open]').evaluateAll(all => all.map(details => details.id));
  assert.deepEqual(await open(), ['climb-chart-numbers']);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal(await page.locator('details:not([open])').count(), 0);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  assert.deepEqual(await open(), ['climb-chart-numbers'], 'what was open stays open');
}));

test('a past time is told in the past', () => rung.withPage(async page => {
  const day = back => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
  await rung.visit(page, `/?from=${day(20)}&to=${day(5)}`);
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Looking back');
  assert.match(await page.locator('.attention .sentence').innerText(), new RegExp(`From ${day(20)} 00:00 to ${day(5)} 00:00 UTC|Nothing stood out: from ${day(20)}`));
  assert.doesNotMatch(await page.locator('.attention').innerText(), /look now|look today/);
}));

test('a calendar month can be chosen', () => rung.withPage(async page => {
  await rung.visit(page, '/', { axe: false });
  await page.getByRole('link', { name: 'last month', exact: true }).click();
  await page.waitForURL(/period=last-month/);
  assert.match(await page.locator('#period-range').innerText(), /-01 00:00 to .*-01 00:00 UTC, compared with the month before/);
  await rung.look(page);
}));

test('the keyboard and the tables stay where they were when the page moves by itself', () => rung.withPage(async page => {
  await rung.visit(page, '/?period=7d', { axe: false });
  const link = page.locator('#cost-table tbody th a').nth(1);
  await link.focus();
  const [words, box] = [await link.innerText(), page.locator('.scroll', { has: page.locator('#cost-table') })];
  assert.ok(await box.evaluate(scroll => { scroll.scrollLeft = 40; return scroll.scrollLeft; }) > 0, 'the first table is wider than the window');
  await page.locator('#cost-chart canvas').evaluate(canvas => { canvas.dataset.old = 'yes'; });
  await page.evaluate(() => document.body.dispatchEvent(new CustomEvent('live:calls')));
  await page.locator('#cost-chart canvas:not([data-old])').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.innerText), words);
  assert.equal(await box.evaluate(scroll => scroll.scrollLeft), 40);
}, { width: 400 }));
