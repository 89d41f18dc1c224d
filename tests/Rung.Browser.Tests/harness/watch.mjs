// Everything that a page must not do is collected while it is looked at: errors, requests that fail or leave the machine, breaches of the Content-Security-Policy.

const local = url => url.startsWith('data:') || url.startsWith('blob:') || url.startsWith('about:') || ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);

/** Watches a page; `allow` is a list of patterns of faults that a test expects. */
export function watch(page, { allow = [] } = {}) {
  const faults = [];
  const add = text => { if (!allow.some(pattern => pattern.test(text))) faults.push(text); };
  page.on('console', message => { if (message.type() === 'error') add(`console: ${message.text()} (${message.location().url})`); });
  page.on('pageerror', error => add(`script: ${error.message}`));
  page.on('request', request => { if (!local(request.url())) add(`left the machine: ${request.url()}`); });
  page.on('requestfailed', request => {
    const why = request.failure()?.errorText ?? '';
    // A page that is left drops what it still listens to.
    if (why !== 'net::ERR_ABORTED') add(`request failed: ${request.url()} ${why}`);
  });
  page.on('response', response => { if (response.status() >= 500) add(`${response.status()} ${response.url()}`); });
  return faults;
}

/** Makes breaches of the policy console errors, whatever the browser prints of them itself. */
export const tellBreaches = () => {
  document.addEventListener('securitypolicyviolation', event => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber}`));
};
