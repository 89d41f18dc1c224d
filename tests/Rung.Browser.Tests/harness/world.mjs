// The made-up data directory of a run, and the gateway that serves it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from './files.mjs';

const calls = process.env.RUNG_BROWSER_CALLS ?? '12000';
const days = process.env.RUNG_BROWSER_DAYS ?? '40';

/** Makes a data directory; gives its folder, which the caller removes. */
export async function makeWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'rung-browser-'));
  await command(['demo', 'ledger', '--out', join(folder, 'data'), '--calls', calls, '--days', days]);
  return folder;
}

/** A copy of a data directory, for tests that change something. */
export async function copyWorld(folder) {
  const copy = await mkdtemp(join(tmpdir(), 'rung-browser-'));
  await cp(join(folder, 'data'), join(copy, 'data'), { recursive: true });
  return copy;
}

export const removeWorld = folder => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

/** Starts the gateway on a free port of loopback. Environment: without keys, unless `env` has some. */
export async function serve(folder, { env = {}, args = [] } = {}) {
  const data = join(folder, 'data');
  const child = spawn('dotnet', [program(), 'serve', '--data', data, '--policy', join(data, 'policy.yaml'), '--urls', 'http://127.0.0.1:0', '--control', 'off', ...args], {
    env: { ...clean(), ...env }, stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`rung serve did not start in 60 s:\n${said}`)), 60_000);
    child.stderr.setEncoding('utf8').on('data', text => {
      said += text;
      const at = /serving on (http:\/\/127\.0\.0\.1:\d+)/.exec(said);
      if (!at) return;
      clearTimeout(late);
      resolve(at[1]);
    });
    child.once('exit', code => reject(new Error(`rung serve ended with ${code}:\n${said}`)));
  });
  return {
    url,
    /** What it has said on standard error so far. */
    log: () => said,
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(hard);
    },
  };
}

async function command(args) {
  const child = spawn('dotnet', [program(), ...args], { env: clean(), stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', text => { said += text; });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`rung ${args.join(' ')} ended with ${code}:\n${said}`);
}

// What somebody has set for their own gateway is not for this one.
function clean() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('RUNG_') && !name.startsWith('OTEL_')));
}
