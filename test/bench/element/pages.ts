/** The merchant's page in its variants. They differ in nothing but how the checkout comes into them. */
import type { Servers } from './servers.js';

/**
 * `bare`: the vendor's snippet alone. `again`: the same once more, to tell how far two like pages differ. `adopted`: the
 * same inside the tag. `built`: made from attributes. `least`: made by the shortest script that makes it, which nothing
 * else can be faster than.
 */
export const VARIANTS = ['bare', 'again', 'adopted', 'built', 'least'] as const;
export type Variant = (typeof VARIANTS)[number];

/** The script of `least`. */
export const LEAST = {
  name: 'least.js',
  code: `customElements.define('checkout-embed', class extends HTMLElement {
    connectedCallback() {
      const portal = this.getAttribute('portal');
      const frame = document.createElement('iframe');
      frame.style = 'width: 100%; border: 0; min-height: 480px';
      frame.src = portal + '/embed/pro-plan?target=inline';
      const script = document.createElement('script');
      script.src = portal + '/embed.js';
      this.append(frame, script);
    }
  });`,
};

/** A machine under load must not make it give a frame up. And its frame is as large as the snippet's: more is more to paint. */
const ALIKE = 'slow-after="60000" timeout="60000" min-height="480"';

const PATH = '/embed/pro-plan?target=inline';

/** When every embed of the page was heard: milliseconds since the navigation began. */
const RECORDER = `<script>
  window.allHeard = (count) => new Promise((resolve, reject) => {
    const end = () => { if (heard >= count) resolve(lastHeardAt); };
    setTimeout(() => reject(new Error(heard + ' of ' + count + ' were heard within a minute')), 60000);
    addEventListener('ledgerbee:embed:pageLoaded', () => queueMicrotask(end));
    end();
  });
  let heard = 0, lastHeardAt = 0;
  addEventListener('ledgerbee:embed:pageLoaded', () => { heard += 1; lastHeardAt = performance.now(); });
</script>`;

declare global {
  interface Window {
    allHeard: (count: number) => Promise<number>;
  }
}

export function pageOf(
  variant: Variant,
  { sandbox, portalOrigin }: Servers,
  early: string,
  { count = 1, style = '' }: { readonly count?: number; readonly style?: string } = {},
): string {
  const snippet = sandbox.snippet(PATH).replaceAll(sandbox.portalOrigin, portalOrigin);
  const tag = `<checkout-embed portal="${portalOrigin}" plan="pro-plan" target="inline" ${ALIKE}></checkout-embed>`;
  const embed = {
    bare: snippet,
    again: snippet,
    adopted: `<checkout-embed>${snippet}</checkout-embed>`,
    built: tag,
    least: tag,
  }[variant];
  const head = {
    bare: '',
    again: '',
    adopted: `<script>${early}</script><script type="module" src="/checkout-embed.js"></script>`,
    built: '<script type="module" src="/checkout-embed.js"></script>',
    least: `<script type="module" src="/${LEAST.name}"></script>`,
  }[variant];
  const embeds = Array.from({ length: count }, () => `<div>${embed}</div>`).join('\n');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
    ${RECORDER}${head}<style>${style}</style></head>
    <body><main>${embeds}</main><p>Fine print.</p></body></html>`;
}
