/** Reads which checkout the attributes ask for. Wrong values are named and replaced by their defaults; what makes a frame impossible gives no config. */
import type { AttributeProblem } from '../core/diagnosis.js';
import type { Surface, Target } from '../core/attempt-states.js';
import { isSafeUrl, parseUrl } from '../protocol/url.js';
import { defaultScriptUrl } from './vendor/embed-script.js';
import {
  PORTAL_LANGUAGES,
  surfaceOf,
  surfaceUrl,
  targetOf,
  TARGETS,
  withQuery,
} from './vendor/portal-url.js';

/** `retries` automatic remounts, milliseconds of attended time, pixels. */
export const DEFAULTS = { slowAfter: 4000, timeout: 12_000, minHeight: 560, retries: 1 } as const;

const RETRIES = ['0', '1', '2', '3'];

/** What an object is as a word: all are one to it, so it names no order. */
export const OBJECT = /^\[object .*/;

/** The attributes as they stand. A number that cannot be read is `NaN`. */
export interface CheckoutAttributes {
  readonly portal: string | null;
  readonly plan: string | null;
  readonly item: string | null;
  readonly forced: boolean;
  readonly src: string | null;
  readonly target: string | null;
  readonly ctaCallback: boolean;
  readonly returnUrl: string | null;
  readonly handoffUrl: string | null;
  readonly order: string | null;
  readonly slowAfter: number;
  readonly timeout: number;
  readonly loading: string | null;
  readonly minHeight: number;
  readonly retries: number;
  readonly embedScript: string | null;
}

/** Where the attributes stand. */
export interface CheckoutPlace {
  readonly baseUrl: string;
  /** The page's own, which its base need not be of. */
  readonly origin: string;
  /** `src` of a frame pasted into the tag, empty for one without; `null` where there is none. */
  readonly pastedSrc: string | null;
  /** The language of the element or of what it stands in. */
  readonly lang: string;
}

export interface CheckoutConfig {
  /** The frame's address. */
  readonly url: URL;
  readonly surface: Surface;
  readonly target: Target;
  /** The plan's vanity, where the attributes name one: a hint for the backend. */
  readonly plan: string | null;
  readonly item: string | null;
  readonly order: string | null;
  readonly handoffUrl: string | null;
  readonly scriptUrl: URL;
  readonly lazy: boolean;
  readonly slowAfterMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
}

export interface ReadConfig {
  readonly config: CheckoutConfig | null;
  readonly minHeightPx: number;
  /** In the order found. Without a config the last one is the reason. */
  readonly problems: readonly AttributeProblem[];
}

export function readConfig(attributes: CheckoutAttributes, place: CheckoutPlace): ReadConfig {
  const problems: AttributeProblem[] = [];
  const refuse = (attribute: string, value: string | null, allowed: string, copy?: string): null => {
    problems.push({ attribute, value, allowed, copy });
    return null;
  };
  const number = (attribute: string, value: number, fallback: number, min: number): number => {
    if (value >= min) return value;
    refuse(attribute, String(value), `a number from ${min}`, String(fallback));
    return fallback;
  };
  const oneOf = (attribute: string, value: string | null, allowed: readonly string[]): string | null =>
    value === null || allowed.includes(value) ? value : refuse(attribute, value, allowed.join(', '));
  /** An https URL, or http on a loopback name. */
  const safeUrl = (attribute: string, value: string, base?: string): URL | null => {
    const url = value.trim() ? parseUrl(value, base) : null;
    return url !== null && isSafeUrl(url) ? url : refuse(attribute, value, 'url');
  };

  const minHeightPx = number('min-height', attributes.minHeight, DEFAULTS.minHeight, 0);
  const slowAfterMs = number('slow-after', attributes.slowAfter, DEFAULTS.slowAfter, 0);
  const timeoutMs = number('timeout', attributes.timeout, DEFAULTS.timeout, 1);
  const retries = +(oneOf('retries', String(attributes.retries), RETRIES) ?? DEFAULTS.retries);
  const lazy = oneOf('loading', attributes.loading, ['eager', 'lazy']) === 'lazy';
  const target = oneOf('target', attributes.target, TARGETS);
  const handoff = optional(attributes.handoffUrl, (value) => safeUrl('handoff-url', value, place.baseUrl));
  const returnUrl = optional(attributes.returnUrl, (value) => {
    const url = safeUrl('return-url', value, place.baseUrl);
    return url === null || url.origin === place.origin
      ? url
      : refuse('return-url', value, 'own-url', place.origin);
  });
  const query = {
    lang: PORTAL_LANGUAGES.find((lang) => place.lang.toLowerCase().split('-')[0] === lang) ?? null,
    target,
    ctaCallback: attributes.ctaCallback,
    returnUrl: returnUrl?.href ?? null,
  };

  const url = frameUrl();
  if (url === null) return { config: null, minHeightPx, problems };
  const script = optional(attributes.embedScript, (value) => {
    const given = safeUrl('embed-script', value, url.origin);
    return given === null || given.origin === url.origin
      ? given
      : refuse('embed-script', value, 'portal-url', defaultScriptUrl(url.origin).href);
  });
  const config: CheckoutConfig = {
    url,
    surface: surfaceOf(url),
    target: targetOf(url),
    plan: attributes.plan,
    item: attributes.item,
    order: attributes.order?.replace(OBJECT, '') || null,
    handoffUrl: handoff?.href ?? null,
    scriptUrl: script ?? defaultScriptUrl(url.origin),
    lazy,
    slowAfterMs,
    timeoutMs,
    retries,
  };
  return { config, minHeightPx, problems };

  function frameUrl(): URL | null {
    // A pasted frame that has an address is left as it is: it is loading, and another address would load it twice.
    if (place.pastedSrc) return safeUrl('src', place.pastedSrc, place.baseUrl);
    if (attributes.src !== null) {
      const url = safeUrl('src', attributes.src);
      return url === null ? null : withQuery(url, query);
    }
    const { portal, plan, item, forced } = attributes;
    if (portal === null)
      return place.pastedSrc === null ? refuse('portal', null, 'portal') : refuse('src', null, 'url');
    const origin = safeUrl('portal', portal)?.origin;
    if (origin === undefined) return null;
    if (plan === null) return refuse('plan', null, 'plan');
    if (!isSegment(plan)) return refuse('plan', plan, 'segment');
    if (item !== null && !isSegment(item)) return refuse('item', item, 'item');
    if (forced && item === null) return refuse('item', null, 'forced-item');
    return withQuery(surfaceUrl(origin, plan, item, forced), query);
  }
}

function optional<T>(value: string | null, read: (value: string) => T | null): T | null {
  return value === null ? null : read(value);
}

/** One segment of a path, whose name is not a step to another. */
function isSegment(value: string): boolean {
  return /^(?!\.+$)[^/\\?#\s]+$/.test(value);
}
