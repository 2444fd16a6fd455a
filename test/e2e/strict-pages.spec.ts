/** The README's strict page: its policy is enough, and nothing in it is there for nothing. */
import { createHash } from 'node:crypto';
import type { CheckoutEmbed } from 'checkout-embed/element';
import { FRAME_PERMISSIONS } from '../../src/element/vendor/frame-permissions.js';
import { expect, moduleTag, test, type StrictPage } from '../support/strict-fixtures.js';
import { readmeFor, type StrictPolicy } from '../support/strict-policy.js';
import { SCRIPTS, SECOND_COPY } from '../support/strict-server.js';
import type { StrictShop } from '../support/strict-shop.js';

/** Opens the page under one source less, and sees what that source is for fail. */
type Proof = (strict: StrictPage, less: StrictPolicy, portal: string) => Promise<void>;

/** By source, as the README's table has them. `portal` stands for the portal's origin. */
const NEEDED: Readonly<Record<string, Proof>> = {
  "default-src 'none'": async (strict, policy) => {
    await strict.open({ policy });
    expect(await strict.takesInlineStyle()).toBe(true);
  },
  "script-src 'self'": async (strict, policy) => {
    await strict.open({ policy });
    await strict.expectUnregistered();
  },
  'script-src portal': async (strict, policy, portal) => {
    await strict.open({ policy });
    await strict.expectDiagnosis('csp-script-src', `script-src 'self' ${portal}`);
  },
  'frame-src portal': async (strict, policy, portal) => {
    await strict.open({ policy });
    await strict.expectDiagnosis('csp-frame-src', `frame-src ${portal}`);
  },
  "connect-src 'self'": async (strict, policy) => {
    await strict.open({ policy });
    await strict.checkOutAnonymously();
    await strict.expectState('pending');
    expect((await strict.complaints()).join('\n')).toContain('connect-src');
  },
  "require-trusted-types-for 'script'": async (strict, policy) => {
    await strict.open({ policy });
    expect(await strict.takesScriptUrl()).toBe(true);
  },
  'trusted-types checkout-embed': async (strict, policy) => {
    await strict.open({ policy });
    await strict.expectDiagnosis('trusted-types', 'trusted-types lit-html checkout-embed');
  },
  'trusted-types lit-html': async (strict, policy) => {
    await strict.open({ policy });
    await strict.expectUnregistered();
  },
};

test("sells under the README's policy without a complaint of the browser", async ({ strict, policy }) => {
  await strict.open({ policy });
  await strict.sell();
  expect(await strict.complaints()).toEqual([]);
  // And the policy is as strict as it says.
  expect(await strict.takesInlineStyle()).toBe(false);
  expect(await strict.takesScriptUrl()).toBe(false);
});

test("every source of the README's policy has a proof of its own", ({ policy, shop }) => {
  const documented = policy.sources.map((source) => source.join(' ').replace(shop.portalOrigin, 'portal'));
  expect(documented).toEqual(Object.keys(NEEDED));
});

for (const [source, prove] of Object.entries(NEEDED)) {
  test(`fails as documented without ${source}`, async ({ strict, policy, shop }) => {
    const [name, value] = source.replace('portal', shop.portalOrigin).split(' ') as [string, string];
    await prove(strict, policy.without(name, value), shop.portalOrigin);
  });
}

test.describe('with nonces in place of sources', () => {
  test("sells with the README's two nonces", async ({ strict, policy, shop }) => {
    const [head, body] = await readmeTags(shop.portalOrigin);
    await strict.open({ policy: policy.setting('script-src', "'nonce-R4nd0m'"), head, body });
    await strict.sell();
    expect(await strict.complaints()).toEqual([]);
  });

  test('without the nonce of the element embed.js is blocked, and named', async ({
    strict,
    policy,
    shop,
  }) => {
    const [head, body] = await readmeTags(shop.portalOrigin);
    await strict.open({
      policy: policy.setting('script-src', "'nonce-R4nd0m'"),
      head,
      body: body.replace('nonce="R4nd0m"', ''),
    });
    await strict.expectDiagnosis('csp-script-src', `script-src 'nonce-…' ${shop.portalOrigin}`);
  });

  test("under 'strict-dynamic' the nonce of the module is enough", async ({ strict, policy }) => {
    await strict.open({
      policy: policy.setting('script-src', "'nonce-R4nd0m'", "'strict-dynamic'"),
      head: moduleTag('nonce="R4nd0m"'),
    });
    await strict.sell();
    expect(await strict.complaints()).toEqual([]);
  });
});

test.describe('with the integrity of embed.js', () => {
  test('sells while it is right', async ({ strict, policy, shop }) => {
    const hash = createHash('sha384')
      .update(await shop.embedScript())
      .digest('base64');
    await strict.open({ policy, attributes: `integrity="sha384-${hash}"` });
    await strict.sell();
    expect(await strict.complaints()).toEqual([]);
  });

  test('says so when embed.js has changed', async ({ strict, policy }) => {
    const hash = createHash('sha384').update('another embed.js').digest('base64');
    await strict.page.clock.install();
    await strict.open({ policy, attributes: `integrity="sha384-${hash}"` });
    await expect.poll(async () => (await strict.complaints()).join('\n')).toContain('failed http');
    // A script that fails for its integrity looks to the page like one that the network lost: said when time is up.
    await strict.page.clock.fastForward('00:15');
    await strict.expectDiagnosis('embed-script-integrity');
  });
});

test('sells with a version behind the address of the module', async ({ strict, policy }) => {
  await strict.open({ policy, head: moduleTag('', `${SCRIPTS}/checkout-embed.js?v=0.1.0`) });
  await strict.sell();
  // What it imports would otherwise be a second copy.
  expect(await strict.complaints()).toEqual([]);
});

test('sells one item, bound, though its frame asks before the second file has come', async ({
  strict,
  policy,
  shop,
}) => {
  await strict.page.addInitScript(() => {
    const asked = new Promise<void>((resolve) => {
      addEventListener('message', ({ data }) => {
        if ((data as { type?: string } | null)?.type === 'bindTokenRequest') resolve();
      });
    });
    Object.assign(window, { asked });
  });
  await strict.page.route(/checkout-embed\.[\w-]+\.js/, async (route) => {
    await strict.page.evaluate(() => (window as unknown as { asked: Promise<void> }).asked);
    await route.continue();
  });
  await strict.open({ policy, attributes: `item="${shop.itemId}" forced` });
  await strict.confirmBound();
  expect(await strict.complaints()).toEqual([]);
});

test('without the second file the frame sells by itself, and the developer is told', async ({
  strict,
  policy,
}) => {
  await strict.page.route(/checkout-embed\.[\w-]+\.js/, (route) => route.abort());
  await strict.open({ policy });
  await strict.checkOutAnonymously();
  expect((await strict.complaints()).join('\n')).toContain('second file did not come');
  const settled = strict.page.locator('checkout-embed').evaluate(async (element) => {
    const { ready, outcome } = element as CheckoutEmbed;
    return [await ready, await outcome];
  });
  expect(await settled).toEqual([false, 'closed']);
});

test('without the second file an order that may be paid is not offered, and it goes on by itself', async ({
  strict,
  policy,
}) => {
  const { page } = strict;
  const secondFile = /checkout-embed\.[\w-]+\.js/;
  await page.clock.install();
  await page.addInitScript(() => localStorage.setItem('checkout-embed:heard', '[]'));
  await page.route(secondFile, (route) => route.abort());
  await strict.open({ policy });
  await strict.expectState('blocked');
  const checkout = page.locator('checkout-embed');
  await expect(checkout.getByText('Checkout unavailable').first()).toBeVisible();
  await expect(checkout.getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(checkout.locator('iframe')).toHaveCount(0);
  await page.unroute(secondFile);
  await page.clock.fastForward('00:16');
  await strict.expectState('ready');
  await strict.sell();
});

test('without the second file the buyer may ask again, also of a server that still refuses', async ({
  strict,
  policy,
}) => {
  const { page } = strict;
  const secondFile = /checkout-embed\.[\w-]+\.js/;
  await page.addInitScript(() => localStorage.setItem('checkout-embed:heard', '[]'));
  await page.route(secondFile, (route) => route.abort());
  await strict.open({ policy });
  const again = page.getByRole('button', { name: 'Try again' });
  await expect(again).toBeVisible();
  // Nothing has come of it: the page is opened anew.
  await Promise.all([page.waitForEvent('load'), again.click()]);
  await expect(again).toBeVisible();
  await page.unroute(secondFile);
  await again.click();
  await strict.expectState('ready');
});

test('without a line the second file comes when the line is back', async ({ strict, policy, context }) => {
  const { page } = strict;
  await page.addInitScript(() => {
    const painted = new Promise<void>((resolve) => {
      addEventListener('ledgerbee:embed:pageLoaded', () => resolve());
    });
    Object.assign(window, { painted });
  });
  const secondFile = /checkout-embed\.[\w-]+\.js/;
  await page.route(secondFile, async (route) => {
    await page.evaluate(() => (window as unknown as { painted: Promise<void> }).painted);
    await context.setOffline(true);
    await route.abort('internetdisconnected');
  });
  await strict.open({ policy });
  await expect.poll(() => strict.complaints().then(String)).toContain('second file did not come');
  await page.unroute(secondFile);
  await context.setOffline(false);
  // What the frame said long before is not lost.
  await strict.expectState('ready');
  await strict.sell();
});

test.describe('with two copies of the package', () => {
  const TWICE = moduleTag() + moduleTag('', `${SECOND_COPY}/checkout-embed.js`);

  test("sells quietly with 'allow-duplicates'", async ({ strict, policy }) => {
    await strict.open({ policy: policy.adding('trusted-types', "'allow-duplicates'"), head: TWICE });
    await strict.sell();
    expect(await strict.complaints()).toEqual([]);
  });

  test('sells without it too: the second copy does not start', async ({ strict, policy }) => {
    await strict.open({ policy, head: TWICE });
    await strict.sell();
    expect((await strict.complaints()).join('\n')).toContain('trusted-types');
  });
});

test("names 'allow-duplicates' where another copy has taken the name of our policy", async ({
  strict,
  policy,
}) => {
  await strict.open({
    policy: policy.adding('script-src', "'nonce-R4nd0m'"),
    head: `<script nonce="R4nd0m">trustedTypes.createPolicy('checkout-embed', {})</script>${moduleTag()}`,
  });
  await strict.expectDiagnosis('trusted-types', "trusted-types checkout-embed lit-html 'allow-duplicates'");
});

test.describe('with a pasted snippet', () => {
  const withNonce = (policy: StrictPolicy): StrictPolicy => policy.setting('script-src', "'nonce-R4nd0m'");
  const head = `<script nonce="R4nd0m" src="${SCRIPTS}/early.js"></script>${moduleTag('nonce="R4nd0m"')}`;
  const around = (snippet: string, attributes = ''): string =>
    `<checkout-embed handoff-url="/checkout" order="order-1042" ${attributes}>${snippet}</checkout-embed>`;

  test('sells quietly without its style and its script', async ({ strict, policy, shop }) => {
    const frame = snippetOf(shop)
      .replace(/ style="[^"]*"/, '')
      .replace(/<script.*/, '');
    await strict.open({ policy: withNonce(policy), head, body: around(frame, 'nonce="R4nd0m"') });
    await strict.sell();
    expect(await strict.complaints()).toEqual([]);
  });

  test('sells as it is too: the element loads what the policy blocked', async ({ strict, policy, shop }) => {
    await strict.open({
      policy: withNonce(policy),
      head,
      body: around(snippetOf(shop), 'nonce="R4nd0m"'),
    });
    await strict.sell();
    const complaints = await strict.complaints();
    expect(complaints).toContain('style-src-attr inline');
    expect(complaints).toContain(`script-src-elem ${shop.portalOrigin}/embed.js`);
  });

  test('names the policy where the element has no nonce either', async ({ strict, policy, shop }) => {
    await strict.open({ policy: withNonce(policy), head, body: around(snippetOf(shop)) });
    await strict.expectDiagnosis('csp-script-src', `script-src 'nonce-…' ${shop.portalOrigin}`);
  });
});

test.describe('with further headers', () => {
  test('sells under the usual hardening', async ({ strict, policy, shop }) => {
    const [name, value] = (await readmeFor(shop.portalOrigin, 'permissions')).split(': ') as [string, string];
    const headers = {
      [name]: value,
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    };
    await strict.open({ policy, headers });
    await strict.expectState('ready');
    expect(await strict.frameMayAskForPayment()).toBe(true);
    await strict.sell();
    expect(await strict.complaints()).toEqual([]);
  });

  test('a Permissions-Policy without the portal takes payment from the frame', async ({ strict, policy }) => {
    await strict.open({ policy, headers: { 'Permissions-Policy': 'payment=(self)' } });
    await strict.expectState('ready');
    expect(await strict.frameMayAskForPayment()).toBe(false);
  });

  test("sells under the README's sandbox, which is the frame's own", async ({ strict, policy, shop }) => {
    const block = await readmeFor(shop.portalOrigin, 'sandbox');
    const allowed = FRAME_PERMISSIONS.sandbox;
    expect(block).toBe(`Content-Security-Policy: sandbox ${allowed}`);
    await strict.open({ policy: policy.setting('sandbox', ...allowed.split(' ')) });
    await strict.sell();
    expect(await strict.complaints()).toEqual([]);
  });
});

/** The README's module and tag, for this portal. */
async function readmeTags(portalOrigin: string): Promise<[head: string, body: string]> {
  return (await readmeFor(portalOrigin, 'nonce')).split(/(?=<checkout-embed)/) as [string, string];
}

/** As the operator copies it. */
function snippetOf(shop: StrictShop): string {
  return shop.snippet('/embed/pro-plan?target=inline');
}
