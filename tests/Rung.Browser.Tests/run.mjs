// Runs the tests of all pages (or of those that are named: node run.mjs spend calls) against one made-up ledger and one gateway.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeWorld, removeWorld, serve } from './harness/world.mjs';

const pages = join(dirname(fileURLToPath(import.meta.url)), 'pages');
const wanted = process.argv.slice(2);
const files = readdirSync(pages).filter(name => name.endsWith('.test.mjs') && (wanted.length === 0 || wanted.some(word => name.startsWith(word)))).sort();
if (files.length === 0) {
  console.error(`No test file of pages/ begins with ${wanted.join(', ')}.`);
  process.exit(2);
}

const began = Date.now();
const world = await makeWorld();
let gateway;
try {
  gateway = await serve(world);
  console.log(`made-up ledger and gateway in ${((Date.now() - began) / 1000).toFixed(1)} s: ${gateway.url}`);
  const child = spawn(process.execPath, ['--test', `--test-concurrency=${process.env.RUNG_BROWSER_AT_ONCE ?? 2}`, '--test-timeout=600000', '--test-reporter=spec', ...files.map(name => join(pages, name))], {
    stdio: 'inherit', env: { ...process.env, RUNG_BROWSER_WORLD: world, RUNG_BROWSER_URL: gateway.url },
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await gateway?.stop();
  await removeWorld(world);
}
console.log(`browser tests: ${((Date.now() - began) / 1000).toFixed(0)} s; screenshots in artifacts/screenshots`);
