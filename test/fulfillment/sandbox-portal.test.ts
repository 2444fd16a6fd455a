import { describe, expect, it } from 'vitest';
import { heardBy, hears } from './sandbox/host-page.js';
import { usePortal } from './sandbox/portal-fixture.js';

const portal = usePortal();

describe('the cards', () => {
  it('tell that they are painted, of their own frame, in the message’s task', async () => {
    await portal.open('/embed/pro-plan?target=inline');
    expect(await hears(portal.page, 'pageLoaded')).toEqual({
      name: 'pageLoaded',
      detail: {},
      isOurFrame: true,
      isSameTask: true,
    });
  });

  it('are told of in a later task when the assumption says so', async () => {
    portal.sandbox.assumptions.set('dispatch', 'late');
    await portal.open('/embed/pro-plan?target=inline');
    expect((await hears(portal.page, 'pageLoaded')).isSameTask).toBe(false);
  });

  it('set the height of their frame, or not', async () => {
    const frame = await portal.open('/embed/pro-plan?target=inline');
    await hears(portal.page, 'pageLoaded');
    await portal.page.waitForFunction(() => document.querySelector('iframe')!.style.height !== '');
    portal.sandbox.assumptions.set('resize', false);
    await portal.page.reload();
    await hears(portal.page, 'pageLoaded');
    await frame.getByTestId('buy').first().click();
    await hears(portal.page, 'checkoutInitiated');
    expect(await portal.page.evaluate(() => document.querySelector('iframe')!.style.height)).toBe('');
  });

  it('show custom cards last, and speak Danish', async () => {
    const frame = await portal.open('/embed/pro-plan?lang=da');
    await frame.getByRole('link', { name: 'Tal med salg' }).waitFor();
    expect(await frame.getByTestId('card').last().textContent()).toContain('Enterprise');
  });

  it('hand a custom click to the host with ctaCallback, and navigate nothing', async () => {
    const frame = await portal.open('/embed/pro-plan?target=inline&ctaCallback=1');
    await frame.getByRole('button', { name: 'Talk to sales' }).click();
    expect((await hears(portal.page, 'customCtaClicked')).detail).toEqual({
      ...portal.ids(portal.sandbox.plans.pro.items.custom.id),
      vanity: 'pro-plan',
      ctaLink: '/contact',
    });
    expect(portal.page.context().pages()).toHaveLength(1);
  });

  it('open a custom link in a new tab without ctaCallback, and say nothing', async () => {
    const frame = await portal.open('/embed/pro-plan?target=callback');
    const opened = portal.page.context().waitForEvent('page');
    await frame.getByRole('link', { name: 'Talk to sales' }).click();
    await (await opened).getByRole('heading', { name: 'Talk to sales' }).waitFor();
    expect((await heardBy(portal.page)).map(({ name }) => name)).toEqual(['pageLoaded']);
  });

  it('navigate the host page to a custom link with _top', async () => {
    const frame = await portal.open('/embed/pro-plan?target=_top');
    await frame.getByRole('link', { name: 'Talk to sales' }).click();
    await portal.page.waitForURL(`${portal.sandbox.portalOrigin}/contact`);
  });

  it('open nothing with target=callback: the host is told, deferred', async () => {
    const frame = await portal.open('/embed/pro-plan?target=callback');
    await frame.getByRole('button', { name: 'Choose monthly' }).click();
    expect((await hears(portal.page, 'checkoutInitiated')).detail).toEqual({
      ...portal.ids(),
      vanity: 'pro-plan',
      deferred: true,
    });
    await frame.getByRole('button', { name: 'Choose monthly' }).waitFor();
  });

  it('return from a checkout in silence', async () => {
    const frame = await portal.open('/embed/pro-plan?target=inline');
    await frame.getByRole('button', { name: 'Choose monthly' }).click();
    await frame.getByRole('button', { name: 'Back to plans' }).click();
    await frame.getByRole('button', { name: 'Choose monthly' }).waitFor();
    expect((await heardBy(portal.page)).map(({ name }) => name)).toEqual(['pageLoaded', 'checkoutInitiated']);
  });

  it('are not found for a plan that is not public, and then say nothing', async () => {
    portal.sandbox.scenarios.set('plan-not-public', true);
    const frame = await portal.open('/embed/pro-plan');
    await frame.getByRole('heading', { name: 'Plan not found' }).waitFor();
    expect(await heardBy(portal.page)).toEqual([]);
  });

  it('are found late when the iframe comes after embed.js, unless it only looks at load', async () => {
    const append = (): Promise<void> =>
      portal.page.evaluate((src) => {
        const frame = document.createElement('iframe');
        frame.src = src;
        document.body.append(frame);
      }, `${portal.sandbox.portalOrigin}/embed/pro-plan`);
    portal.host.serve(`<script src="${portal.sandbox.portalOrigin}/embed.js"></script>`);
    await portal.page.goto(portal.host.origin);
    await append();
    await hears(portal.page, 'pageLoaded');
    portal.sandbox.assumptions.set('frames', 'at-load');
    await portal.page.reload();
    await append();
    await portal.page.frameLocator('iframe').getByTestId('buy').first().click();
    expect(await heardBy(portal.page)).toEqual([]);
  });
});

describe('framing', () => {
  const refused = async (): Promise<string> => {
    const violation = portal.page.waitForEvent('console', {
      predicate: (message) => message.text().includes('frame-ancestors'),
    });
    await portal.open('/embed/pro-plan');
    return (await violation).text();
  };

  it('is refused by the browser for an origin off the allowlist', async () => {
    portal.sandbox.settings.set({ partnerOrigins: ['https://shop.example'] });
    expect(await refused()).toContain('frame-ancestors https://shop.example');
    expect(await heardBy(portal.page)).toEqual([]);
  });

  it('is refused for everybody by the scenario', async () => {
    portal.sandbox.scenarios.set('origin-not-allowlisted', { times: 1 });
    expect(await refused()).toContain("frame-ancestors 'none'");
  });

  it('is allowed by the one header, without X-Frame-Options', async () => {
    const { headers } = await fetch(`${portal.sandbox.portalAddress}/embed/pro-plan`);
    expect(headers.get('content-security-policy')).toBe(`frame-ancestors ${portal.host.origin}`);
    expect(headers.get('x-frame-options')).toBeNull();
  });
});

describe('a silent portal', () => {
  it('shows its cards and never speaks', async () => {
    portal.sandbox.scenarios.set('silent-portal', { times: 1 });
    const frame = await portal.open('/embed/pro-plan?target=inline');
    await frame.getByRole('button', { name: 'Choose monthly' }).click();
    await frame.getByLabel('E-mail address').waitFor();
    expect(await heardBy(portal.page)).toEqual([]);
  });
});

describe('a portal in trouble', () => {
  const open = (signal?: AbortSignal): Promise<Response> =>
    fetch(`${portal.sandbox.portalAddress}/embed/pro-plan`, { signal: signal ?? null });

  it.each([
    ['portal-error', 503],
    ['portal-empty', 204],
    ['plan-not-public', 404],
  ] as const)('answers as %s with %i', async (scenario, status) => {
    portal.sandbox.scenarios.set(scenario, { times: 1 });
    expect((await open()).status).toBe(status);
    expect((await open()).status).toBe(200);
  });

  it('ends the connection without an answer', async () => {
    portal.sandbox.scenarios.set('portal-cuts-off', { times: 1 });
    await expect(open()).rejects.toThrow('fetch failed');
  });

  it('takes a request and never answers, and is idle meanwhile', async () => {
    portal.sandbox.scenarios.set('portal-hangs', { times: 1 });
    const left = new AbortController();
    const asked = open(left.signal);
    const over = asked.then(
      () => 'answered',
      () => 'left',
    );
    // Answered later than the one before it, were it answered at all.
    expect((await open()).status).toBe(200);
    await portal.sandbox.idle();
    left.abort();
    expect(await over).toBe('left');
  });

  it('begins a page that never ends', async () => {
    portal.sandbox.scenarios.set('portal-stalls', { times: 1 });
    const reader = (await open()).body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('Loading');
    const more = reader.read().then(
      () => 'more',
      () => 'left',
    );
    expect((await open()).status).toBe(200);
    void reader.cancel();
    await more;
  });
});

describe('a buyer who presses by itself', () => {
  it('buys the first card', async () => {
    portal.sandbox.scenarios.set('buyer-confirms', { times: 1 });
    await portal.open('/embed/pro-plan?target=inline');
    const { detail } = await hears(portal.page, 'checkoutConfirmed');
    expect(detail).toMatchObject({ status: 'PENDING_VERIFICATION' });
  });

  it('leaves a checkout that stands alone', async () => {
    portal.sandbox.scenarios.set('buyer-leaves', { times: 1 });
    await portal.open(`/embed/checkout/pro-plan/${portal.sandbox.plans.pro.items.monthly.id}`);
    await hears(portal.page, 'checkoutClosed');
  });
});

describe('embed.js', () => {
  it('passes on no message of another window, whatever it says', async () => {
    await portal.open('/embed/pro-plan');
    await hears(portal.page, 'pageLoaded');
    await portal.page.evaluate(() => {
      const payload = { status: 'CONFIRMED' };
      window.postMessage({ source: 'ledgerbee-embed', v: 1, type: 'checkoutConfirmed', payload }, '*');
    });
    await portal.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
    expect((await heardBy(portal.page)).map(({ name }) => name)).toEqual(['pageLoaded']);
  });
});

describe('embed.js on the portal’s own origin', () => {
  it('passes on no message of a frame that is no embed', async () => {
    portal.host.serve(
      `<iframe src="${portal.sandbox.portalOrigin}/embed/pro-plan"></iframe>
       <iframe name="other" src="${portal.sandbox.portalOrigin}/p/pro-plan"></iframe>
       <script async src="${portal.sandbox.portalOrigin}/embed.js"></script>`,
    );
    await portal.page.goto(portal.host.origin);
    await hears(portal.page, 'pageLoaded');
    await portal.page.evaluate(() => {
      const arrived = new Promise<void>((resolve) => {
        addEventListener('message', ({ data }: MessageEvent<{ type: string }>) => {
          if (data.type === 'checkoutConfirmed') setTimeout(resolve, 0);
        });
      });
      Object.assign(window, { arrived });
    });
    await portal.page.frame('other')!.evaluate(() => {
      const payload = { status: 'CONFIRMED' };
      parent.postMessage({ source: 'ledgerbee-embed', v: 1, type: 'checkoutConfirmed', payload }, '*');
    });
    await portal.page.evaluate('window.arrived');
    expect((await heardBy(portal.page)).map(({ name }) => name)).toEqual(['pageLoaded']);
  });
});

describe('the pages', () => {
  it('fit 320 pixels without scrolling sideways', async () => {
    await portal.page.setViewportSize({ width: 320, height: 640 });
    for (const path of ['/embed/pro-plan?target=inline', portal.forcedPath, '/_sandbox/inbox']) {
      await portal.page.goto(portal.sandbox.portalOrigin + path);
      await portal.page.getByRole('heading', { level: 1 }).first().waitFor();
      const overflow = await portal.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, path).toBeLessThanOrEqual(0);
    }
  });

  it('name the field that is wrong and put the focus there', async () => {
    await portal.page.goto(portal.sandbox.portalOrigin + portal.forcedPath);
    await portal.page.getByLabel('E-mail address').waitFor();
    await portal.page.getByTestId('confirm').click();
    await portal.page.getByRole('alert').filter({ hasText: 'valid e-mail' }).waitFor();
    expect(await portal.page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email');
    expect(await portal.page.getByLabel('E-mail address').getAttribute('aria-invalid')).toBe('true');
  });
});
