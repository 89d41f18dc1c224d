// Where things are: the checkout, the built program, Chromium, and what a run leaves behind.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const screenshots = join(root, 'artifacts', 'screenshots');

/** The built program: RUNG_DLL, else the newest of what `dotnet build` leaves. */
export function program() {
  const named = process.env.RUNG_DLL;
  const places = named ? [named] : ['Debug', 'Release'].map(kind => join(root, 'src/Rung/bin', kind, 'net10.0/rung.dll'));
  const found = places.find(existsSync);
  if (!found) throw new Error(`rung is not built: none of ${places.join(', ')} exists. Run: dotnet build src/Rung`);
  return found;
}

/** Debian's Chromium, or what RUNG_CHROMIUM names. */
export function chromium() {
  const places = process.env.RUNG_CHROMIUM ? [process.env.RUNG_CHROMIUM] : ['/usr/bin/chromium', '/usr/bin/chromium-browser'];
  const found = places.find(existsSync);
  if (!found) throw new Error(`There is no Chromium at ${places.join(' or ')}. Install it (apt-get install chromium), or name one in RUNG_CHROMIUM.`);
  return found;
}
