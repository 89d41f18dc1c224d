// What imported logs say, and an upload from the file to the policy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { matrix, start } from '../harness/harness.mjs';

const rung = await start();
const mine = await start({ own: true });

const log = (calls, from = 0) => Array.from({ length: calls }, (_, i) => JSON.stringify({
  id: `chatcmpl-${from + i}`, request_id: `req-${from + i}`, call_type: 'acompletion', custom_llm_provider: 'openai', model: i % 3 ? 'gpt-5-mini' : 'gpt-5',
  startTime: new Date(Date.UTC(2026, 9, 1 + i % 20, 10, 0, i % 60)).toISOString(), endTime: new Date(Date.UTC(2026, 9, 1 + i % 20, 10, 1, i % 60)).toISOString(),
  prompt_tokens: 900 + i, completion_tokens: 5, total_tokens: 905 + i, spend: 0.001, request_tags: [i % 3 ? 'classify' : 'plan'], status: 'success',
})).join('\n') + '\n';

const imported = async page => { await page.locator('#imported').getByText(/As of|no imported calls/).waitFor(); };

test('the audit at every width and in both themes', () => matrix(rung, 'audit', '/audit', { before: imported }));

async function upload(page, files, before = async () => {}) {
  await page.goto(`${mine.url}/audit`);
  await page.getByLabel('Log files').setInputFiles(files);
  await before();
  await page.getByRole('button', { name: 'Audit these' }).click();
  await page.waitForURL(/\/audit\/runs\//);
}

test('an upload becomes a report with a policy to download', () => mine.withPage(async page => {
  await upload(page, [{ name: '<b>log</b>.jsonl', mimeType: 'application/json', buffer: Buffer.from(log(300)) }, { name: 'more.jsonl.gz', mimeType: 'application/gzip', buffer: gzipSync(log(50, 1000)) }]);
  await page.getByText('350 calls').first().waitFor();
  await mine.look(page);
  assert.equal(await page.locator('main b').count(), 0, 'a file name is text');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download proposed.yaml' }).click()]);
  assert.equal(file.suggestedFilename(), 'proposed.yaml');
}));

test('kept calls are among the imported ones', () => mine.withPage(async page => {
  await upload(page, [{ name: 'kept.jsonl', mimeType: 'application/json', buffer: Buffer.from(log(40, 5000)) }], () => page.getByLabel('Keep the calls in the ledger').check());
  await page.getByText('40 calls kept in the ledger').waitFor();
}));

test('a broken log is named by file and line', () => mine.withPage(async page => {
  await upload(page, [{ name: 'broken.jsonl', mimeType: 'application/json', buffer: Buffer.from(`${log(30)}nothing\n${log(1, 900)}`) }]);
  await page.getByText(/broken\.jsonl, line 31/).first().waitFor();
  await mine.look(page);
}));

test('without JavaScript an upload works, too', () => mine.withPage(async page => {
  await upload(page, [{ name: 'plain.jsonl', mimeType: 'application/json', buffer: Buffer.from(log(20, 7000)) }]);
  for (let tries = 0; tries < 50 && await page.getByRole('link', { name: 'Look again' }).count() > 0; tries++) await page.getByRole('link', { name: 'Look again' }).click();
  assert.match(await page.locator('main').innerText(), /20 calls/);
}, { javaScript: false }));
