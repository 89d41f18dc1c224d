// What a person would see at a glance: does it scroll sideways, can everybody use it.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Elements that make the page wider than the window; empty when it does not scroll sideways. */
export function wide(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const scrolls = element => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
        if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX)) return true;
      }
      return false;
    };
    return [...document.body.querySelectorAll('*')]
      .filter(element => element.getBoundingClientRect().right > width + 1 && !scrolls(element))
      .slice(0, 5)
      .map(element => `${element.tagName.toLowerCase()}${element.id ? '#' + element.id : ''}.${[...element.classList].join('.')} reaches ${Math.round(element.getBoundingClientRect().right)} of ${width} px: ${(element.textContent ?? '').trim().slice(0, 60)}`);
  });
}

/** Serious and critical findings of axe, in words. */
export async function barriers(page, { except = [] } = {}) {
  await page.evaluate(axe); // By the debugger, not by a script of the page: the Content-Security-Policy stays in force.
  const { violations } = await page.evaluate(rules => window.axe.run(document, { resultTypes: ['violations'], rules: Object.fromEntries(rules.map(rule => [rule, { enabled: false }])) }), except);
  return violations
    .filter(found => found.impact === 'serious' || found.impact === 'critical')
    .flatMap(found => found.nodes.slice(0, 4).map(node => `${found.impact} ${found.id}: ${found.help}\n    ${node.html.slice(0, 200)}\n    ${(node.failureSummary ?? '').replaceAll('\n', ' ').slice(0, 240)}`));
}

/** Charts that are not drawn, or not as wide as their place; empty when all are. Waits a little: a chart follows its window. */
export async function undrawn(page) {
  const find = () => [...document.querySelectorAll('[data-chart]')]
    .filter(box => box.checkVisibility() && !(box.querySelector('canvas') && Math.abs(box.querySelector('.u-wrap').offsetWidth - Math.max(240, box.clientWidth)) <= 1))
    .map(box => `${box.dataset.chart}: ${box.querySelector('canvas') ? `${box.querySelector('.u-wrap').offsetWidth} of ${box.clientWidth} px` : 'nothing is drawn'}`);
  // Asked anew from here: what waits inside the page would need eval, which the page forbids.
  for (const end = Date.now() + 3_000; Date.now() < end; await delay(50)) {
    if ((await page.evaluate(find)).length === 0) return [];
  }
  return page.evaluate(find);
}
