// What every page has: menu, themes, keyboard, headers, sign-in; and that it works without JavaScript.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { key, operator, start } from '../harness/harness.mjs';

const rung = await start();
const menu = ['/', '/spend', '/calls', '/policy', '/rollouts', '/evidence', '/reviews', '/alerts', '/audit', '/health'];

test('the menu leads to every page, and says which one is open', () => rung.withPage(async page => {
  await rung.visit(page, '/');
  const links = await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link').evaluateAll(all => all.map(link => link.getAttribute('href')));
  assert.deepEqual(links, menu);
  for (const path of menu) {
    const response = await page.goto(rung.url + path);
    assert.equal(response.status(), 200, path);
    assert.equal(await page.getByRole('navigation', { name: 'Pages', exact: true }).locator('a[aria-current=page]').getAttribute('href'), path);
    assert.match(await page.title(), /· Rung$/);
  }
}));

test('simulated data is said to be simulated, on every page', () => rung.withPage(async page => {
  for (const path of menu) {
    await page.goto(rung.url + path);
    assert.match(await page.locator('.simulated').innerText(), /simulated/i, path);
  }
}));

test('the first Tab leads to a link that skips the menu', () => rung.withPage(async page => {
  await rung.visit(page, '/', { axe: false });
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the page' });
  assert.ok(await skip.evaluate(link => link === document.activeElement));
  assert.ok((await skip.boundingBox()).x >= 0, 'it is seen when it has the focus');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
}));

test('everything that can be reached by Tab shows that it has the focus', () => rung.withPage(async page => {
  await rung.visit(page, '/', { axe: false });
  for (let step = 0; step < 16; step++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const at = document.activeElement;
      const style = getComputedStyle(at);
      return at === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none' ? null : at.outerHTML.slice(0, 120);
    });
    assert.equal(seen, null);
  }
}));

test('light and dark are different, and follow the system', async () => {
  const ground = theme => rung.withPage(async page => {
    await rung.visit(page, '/');
    return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  }, { theme });
  assert.notEqual(await ground('light'), await ground('dark'));
});

test('without JavaScript every page is there, with its words', () => rung.withPage(async page => {
  for (const path of menu) {
    const response = await page.goto(rung.url + path, { waitUntil: 'load' });
    assert.equal(response.status(), 200, path);
    assert.equal(await page.locator('h1').count(), 1, path);
    assert.ok((await page.locator('main').innerText()).length > 40, `${path} says something`);
  }
}, { javaScript: false }));

test('nothing may come from elsewhere, and nothing inline', () => rung.withPage(async page => {
  const response = await rung.visit(page, '/', { axe: false });
  const policy = response.headers()['content-security-policy'];
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.match(policy, /style-src 'self'(;|$)/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.equal(response.headers()['x-content-type-options'], 'nosniff');
  assert.equal(response.headers()['cache-control'], 'no-store');
  assert.equal(await page.locator('script:not([src])').count(), 0, 'no script in the page');
  assert.equal(await page.locator('[style]').evaluateAll(all => all.filter(element => !element.closest('.uplot')).length), 0, 'no style in an element');
}));

test('an inline script that somebody smuggles in does not run', () => rung.withPage(async page => {
  await rung.visit(page, '/', { axe: false });
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.smuggled = true';
    document.body.append(script);
    return window.smuggled === true;
  });
  assert.equal(ran, false);
}, { allow: [/CSP|Content Security Policy/] }));

test('a name that leads to this machine from elsewhere is refused', async () => {
  const { request } = await import('node:http');
  const at = new URL(rung.url);
  const status = await new Promise((resolve, reject) => request({ host: at.hostname, port: at.port, path: '/', headers: { host: 'rung.example:80' } }, reply => {
    reply.resume();
    resolve(reply.statusCode);
  }).on('error', reject).end());
  assert.equal(status, 403);
});

test('an address that is no page leads to those that are', () => rung.withPage(async page => {
  const response = await page.goto(`${rung.url}/nothing/at/all`);
  assert.equal(response.status(), 404);
  await rung.look(page);
  assert.equal(await page.locator('h1').innerText(), 'There is no such page');
  await page.locator('main').getByRole('link', { name: 'Spend' }).click();
  await page.waitForURL(`${rung.url}/spend`);
}, { allow: [/404/] }));

test('htmx does nothing that the policy of the page would stop', () => rung.withPage(async page => {
  await rung.visit(page, '/', { axe: false });
  const config = await page.evaluate(() => ({ ...htmx.config }));
  assert.deepEqual(
    [config.allowEval, config.allowScriptTags, config.includeIndicatorStyles, config.selfRequestsOnly, config.attributesToSettle, config.historyCacheSize],
    [false, false, false, true, [], 0]);
  assert.equal(await page.locator('head style').count(), 0);
}));

test('a page that does not exist says so', () => rung.withPage(async page => {
  await page.goto(`${rung.url}/calls/0198c0de00007000800000000000ffff`);
  assert.equal(await page.locator('h1').count(), 1);
}, { allow: [/404/] }));

test('on paper there is no menu', () => rung.withPage(async page => {
  await rung.visit(page, '/', { axe: false });
  assert.equal(await page.getByRole('navigation', { name: 'Pages', exact: true }).isVisible(), false);
  assert.ok(await page.locator('h1').isVisible());
}, { media: 'print' }));

test('with keys a sign-in comes first; a key looks, an operator acts', async context => {
  const guarded = await start({ access: 'keys' });
  await context.test('a page leads to the sign-in, which leads back', () => guarded.withPage(async page => {
    await page.goto(`${guarded.url}/policy`);
    assert.equal(new URL(page.url()).pathname, '/sign-in');
    await guarded.look(page);
    await page.getByLabel(/key/i).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel(/key/i).fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${guarded.url}/policy`);
    assert.match(await page.locator('.who').innerText(), /read only/);
  }, { allow: [/403/] }));
  await context.test('who was signed out meanwhile keeps what they see, and it is not live', () => guarded.withPage(async page => {
    await guarded.signIn(page, operator.token);
    await page.goto(`${guarded.url}/alerts`);
    const before = await page.locator('main').innerText();
    await page.context().clearCookies();
    const [reply] = await Promise.all([page.waitForResponse(/sign-in/), page.evaluate(() => document.body.dispatchEvent(new CustomEvent('live:alerts')))]);
    await reply.finished();
    await page.locator('#live[data-live=off]').waitFor();
    assert.equal(await page.locator('main').innerText(), before);
  }));
  await context.test('an operator is named, and signs out', () => guarded.withPage(async page => {
    await guarded.signIn(page, operator.token);
    assert.match(await page.locator('.who').innerText(), new RegExp(operator.name));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/sign-in/);
    await page.goto(`${guarded.url}/spend`);
    assert.match(page.url(), /sign-in/);
  }));
});
