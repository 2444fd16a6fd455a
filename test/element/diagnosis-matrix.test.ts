/** Every way for a frame to stay silent, in a real page against a real server, and what the element says of it. */
import { describe, expect, inject, it } from 'vitest';
import type { DiagnosisCode } from 'checkout-embed';
import type { Moment } from '../support/visit-shop.js';
import { ROWS, verdictOf } from './diagnosis-rows.js';
import { FOREVER, plan, script, strict, visit } from './shop-visit.js';

const { closed } = inject('faults');

describe('the element says of', { timeout: 60_000 }, () => {
  for (const row of ROWS) {
    const [code, confidence] = verdictOf(row);

    // A name that is built here is shown whole.
    it(`${row.what}: ${code}, ${confidence}`, async () => {
      const { diagnosis } = await visit(row);

      expect(diagnosis).toMatchObject({ code, confidence, fix: { who: row.who } });
      expect(diagnosis.fix.copy).toBe(row.copy);
    });
  }
});

describe('the buyer', { timeout: 60_000 }, () => {
  const soon = 'slow-after="50" timeout="300" retries="0"';
  type Case = readonly [string, string, DiagnosisCode, Moment, Readonly<Record<string, string>>?];

  it.for<Case>([
    ['a portal that is away', plan('works', soon, closed), 'unreachable', 'ready'],
    ['a portal that hangs', plan('hangs', soon), 'stalled', 'ready'],
    [
      "a frame that the page's policy blocks",
      plan('works'),
      'csp-frame-src',
      'told',
      strict({ 'frame-src': "'self'" }),
    ],
  ])('sees a panel for %s, explained once to the developer', async ([, page, code, until, headers = {}]) => {
    const { state, uncovered, blocked, explained } = await visit({ page, headers, until });

    expect({ state, uncovered, blocked }).toEqual({ state: 'blocked', uncovered: false, blocked: [code] });
    expect(explained).toEqual([expect.stringContaining(`: ${code} `)]);
  });

  it.for<Case>([
    ['is missing', script('/gone.js'), 'embed-script-failed', 'told'],
    ['throws', script('/throws.js'), 'embed-script-failed', 'told'],
    ['has not come', script('/hangs.js', soon), 'embed-script-failed', 'ready'],
    [
      'is another',
      script('/embed.js', `integrity="sha384-AAAA" ${FOREVER}`),
      'embed-script-integrity',
      'told',
    ],
    ['the policy blocks', plan('works'), 'csp-script-src', 'told', strict({ 'script-src': "'self'" })],
  ])('sees a frame whose embed.js %s: it may be working', async ([, page, code, until, headers = {}]) => {
    const { state, uncovered, blocked, explained } = await visit({ page, headers, until });

    expect({ state, uncovered, blocked }).toEqual({ state: 'slow', uncovered: true, blocked: [] });
    expect(explained).toEqual([expect.stringContaining(`: ${code} `)]);
  });
});

describe('the portal', { timeout: 60_000 }, () => {
  it('is not asked about a frame that works', async () => {
    const { requests } = await visit({ page: plan('works'), until: 'ready' });
    expect(requests).toEqual([0, 0]);
  });

  it('is not asked before anybody wants to know', async () => {
    const { requests } = await visit({ page: plan('breaks'), until: 'both' });
    expect(requests).toEqual([0, expect.toSatisfy((after: number) => after > 0)]);
  });

  it("is not asked where the page's markup forbids it", async () => {
    const head = `<meta http-equiv="Content-Security-Policy" content="connect-src 'self' https://api.shop.test">`;
    const { diagnosis, violations } = await visit({ page: plan('breaks'), head, until: 'both' });
    expect(diagnosis.code).toBe('silent-page');
    expect(diagnosis.evidence.join()).toContain('connect-src');
    expect(violations).toEqual([]);
  });

  it('is asked where the markup allows it', async () => {
    const head = `<meta http-equiv="Content-Security-Policy" content="connect-src http://127.0.0.1:*">`;
    const { diagnosis } = await visit({ page: plan('works', FOREVER, closed), head, until: 'now' });
    expect(diagnosis.code).toBe('unreachable');
  });
});
