// Rollouts: where they stand, why, and what a person may do to them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrix, start } from '../harness/harness.mjs';

const rung = await start();
const list = await (await fetch(`${rung.url}/rollouts.json`)).json();
const open = list.rollouts.find(rollout => rollout.is_open);
const ended = list.rollouts.find(rollout => !rollout.is_open);

test('the list at every width and in both themes', () => matrix(rung, 'rollouts', '/rollouts'));
test('an open rollout at every width and in both themes', () => matrix(rung, 'rollout-open', `/rollouts/${open.id}`));
test('a rollout that has ended at every width and in both themes', () => matrix(rung, 'rollout-ended', `/rollouts/${ended.id}`));

test('the forecast comes by itself', () => rung.withPage(async page => {
  await rung.visit(page, `/rollouts/${open.id}`, { axe: false });
  await page.getByRole('table', { name: /How long each stage probably takes/ }).waitFor();
  await rung.look(page);
}));

test('without JavaScript the forecast is a link, and guards are tables', () => rung.withPage(async page => {
  await rung.visit(page, `/rollouts/${open.id}`, { axe: false });
  await page.getByRole('link', { name: 'Work out the forecast' }).click();
  await page.getByRole('table', { name: /How long each stage probably takes/ }).waitFor();
  await page.getByText('The numbers', { exact: true }).first().click();
  assert.ok(await page.locator('.numbers tbody tr').first().isVisible());
}, { javaScript: false }));

test('a rollout that is not there says so', () => rung.withPage(async page => {
  await rung.visit(page, '/rollouts/999999', { status: 404 });
}, { allow: [/404/] }));

const mine = await start({ own: true });

test('a rollout is held, resumed, and rolled back with a reason; what was done is there', () => mine.withPage(async page => {
  await mine.visit(page, `/rollouts/${open.id}`, { axe: false });
  const act = async (name, why) => {
    const panel = page.getByRole('region', { name, exact: true });
    await panel.getByLabel(/^Why/).fill(why);
    await panel.getByRole('button', { name, exact: true }).click();
    await page.getByRole('status').filter({ hasText: `Rollout ${open.id}` }).waitFor();
  };
  page.on('dialog', dialog => dialog.accept());
  const watcher = await page.context().newPage();
  await watcher.goto(`${mine.url}/rollouts/${open.id}`);
  const forecast = watcher.getByRole('table', { name: /How long each stage probably takes/ });
  await forecast.waitFor();
  assert.match(await forecast.getByRole('rowheader').first().innerText(), /now/);
  await act('Hold', 'looking at it first');
  await mine.look(page);
  assert.match(await page.locator('.history li').first().innerText(), /held.*dashboard: looking at it first/s);
  await act('Resume', 'looked at it');
  await act('Roll back', 'not today');
  await mine.look(page);
  assert.match(await page.getByRole('heading', { level: 1 }).innerText(), /rolled back/);
  assert.equal(await page.getByRole('heading', { name: 'Act' }).count(), 0, 'nothing is left to do');
  // Who only watches sees it end, and its forecast go.
  await watcher.getByRole('heading', { level: 1, name: /rolled back/ }).waitFor();
  await watcher.locator('#forecast').waitFor({ state: 'detached' });
}));

test('the control loop is frozen for a time and let go', () => mine.withPage(async page => {
  await mine.visit(page, '/rollouts', { axe: false });
  await page.getByLabel(/^Why/).fill('a change freeze');
  await page.getByLabel(/^For how long/).fill('2h');
  await page.getByRole('button', { name: 'Freeze', exact: true }).click();
  await page.getByRole('status').filter({ hasText: 'Frozen until' }).waitFor();
  await mine.look(page);
  await page.getByLabel(/^Why/).fill('it is over');
  await page.getByRole('button', { name: 'Unfreeze', exact: true }).click();
  await page.getByRole('status').filter({ hasText: 'may act again' }).waitFor();
}));

test('without JavaScript a rollout can be acted on all the same', () => mine.withPage(async page => {
  await mine.visit(page, '/rollouts', { axe: false });
  await page.getByLabel(/^Why/).fill('by hand');
  await page.getByRole('button', { name: 'Freeze', exact: true }).click();
  assert.match(await page.getByRole('status').filter({ hasText: 'Frozen' }).innerText(), /until somebody lets go/);
}, { javaScript: false }));
