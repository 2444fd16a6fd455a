/** What a page can see of a frame that stays silent. Every field but the first four may be left out when nobody looked. */
export interface FrameEvidence {
  /** URL the frame was given; `null` for none. */
  readonly frameUrl: string | null;
  /** Origin of the merchant's page, `null` spelled out for a page without one. */
  readonly pageOrigin: string;
  /** Our document's `securitypolicyviolation` events, from before `src` was set. */
  readonly violations: readonly PolicyViolation[];
  /** What a `ReportingObserver` with `buffered: true` got. */
  readonly reports: readonly BrowserReport[];
  /** The frame has spoken: it works. */
  readonly heard?: boolean | undefined;
  /** `false` where the page has other frames of the same origin, by which alone the browser names them. */
  readonly soleFrame?: boolean | undefined;
  /** How many of `reports` came before the frame's `load` or right after it, as one of its refusal does; left out until it has loaded. */
  readonly loadReports?: number | undefined;
  /** The frame's `load` fired. It proves nothing; its absence says something. */
  readonly loaded?: boolean | undefined;
  /** What `contentDocument` gives: a readable `about:blank`, or `null`. */
  readonly document?: 'blank' | 'foreign' | undefined;
  /** `false` where the frame was on the page before anybody listened: its word may have been missed. */
  readonly heardFromStart?: boolean | undefined;
  /** It stands in a shadow root: embed.js may look for frames in the page itself alone. */
  readonly inShadow?: boolean | undefined;
  /** `navigator.onLine`. */
  readonly online?: boolean | undefined;
  /** `loading="lazy"`, and not near the view. */
  readonly lazyOutOfView?: boolean | undefined;
  /** The frame's `sandbox` attribute. */
  readonly sandbox?: string | null | undefined;
  /** A `message` from the frame's window came with the origin `"null"`. */
  readonly opaqueMessage?: boolean | undefined;
  /** `crossOriginIsolated` of our page. */
  readonly isolated?: boolean | undefined;
  /** `location.ancestorOrigins`, where our page is itself in a frame. */
  readonly ancestorOrigins?: readonly string[] | undefined;
  /** Setting a script's URL, or making a policy for it, threw. */
  readonly trustedTypesRefused?: boolean | undefined;
  readonly script?: ScriptEvidence | undefined;
  /** A `no-cors` request from our page to `frameUrl`; `forbidden` by our own policy. */
  readonly probe?: 'opaque' | 'rejected' | 'pending' | 'forbidden' | undefined;
  /** Status of a CORS request from our page to `frameUrl`, where the portal allows one. */
  readonly httpStatus?: number | undefined;
  /** A `PerformanceObserver` that began before `src` was set saw an iframe entry. */
  readonly resourceEntry?: boolean | undefined;
  /** This portal refused another frame of this page: Chromium tells of the first alone. */
  readonly refusedBefore?: boolean | undefined;
  /** The backend's URL. */
  readonly handoffUrl?: string | undefined;
}

/** The part of a `SecurityPolicyViolationEvent` that is read. */
export interface PolicyViolation {
  readonly effectiveDirective: string;
  readonly blockedURI: string;
  readonly disposition: string;
  readonly originalPolicy: string;
}

/** The part of a `Report` that is read; bodies differ by type. */
export interface BrowserReport {
  readonly type: string;
  readonly body: object | null;
}

export interface ScriptEvidence {
  readonly url: string;
  /** `failed`: its `error` event. `threw`: it arrived and ran into an error. */
  readonly state: 'pending' | 'loaded' | 'failed' | 'threw';
  /** It was loaded with an `integrity` attribute. */
  readonly integrity: boolean;
  /** The page has another tag of it: what the browser says of the file may be meant for that one. */
  readonly twice?: boolean | undefined;
  /** `false` where no other script of its origin was seen in the page, which might do its work. */
  readonly others?: boolean | undefined;
}

/** Frames that refused this page, enforced; Chromium alone tells. Of another origin after a redirect. */
export function refusals({
  reports,
}: Pick<FrameEvidence, 'reports'>): { readonly url: string; readonly policy: string }[] {
  return reports
    .filter(
      ({ type, body }) =>
        type === 'csp-violation' &&
        read(body, 'effectiveDirective') === 'frame-ancestors' &&
        read(body, 'disposition') === 'enforce',
    )
    .map(({ body }) => ({ url: read(body, 'documentURL'), policy: read(body, 'originalPolicy') }));
}

/** An enforced violation of our own policy; what is merely reported blocks nothing. */
export function violation(
  { violations }: FrameEvidence,
  directive: string,
  blocks: (url: string) => boolean,
): PolicyViolation | undefined {
  return violations.find(
    ({ disposition, effectiveDirective, blockedURI }) =>
      disposition === 'enforce' && effectiveDirective.startsWith(directive) && blocks(blockedURI),
  );
}

/** The directive as it must read: what stands there today, or what it falls back to, with `source` added. */
export function allow(
  { originalPolicy, effectiveDirective }: Pick<PolicyViolation, 'originalPolicy' | 'effectiveDirective'>,
  source: string,
): string {
  const directives = originalPolicy.split(';').map((directive) => directive.trim().split(/\s+/));
  const name = effectiveDirective.replace('-elem', '');
  const today = [effectiveDirective, name, name === 'frame-src' ? 'child-src' : name, 'default-src']
    .map((wanted) => directives.find(([found]) => found?.toLowerCase() === wanted))
    .find((found) => found !== undefined);
  const added = source.split(' ');
  const sources = (today ?? []).slice(1).filter((one) => one !== "'none'" && !added.includes(one));
  // A nonce is new on every page view: it is named, not repeated.
  return [today?.[0] === effectiveDirective ? effectiveDirective : name, ...sources, ...added]
    .join(' ')
    .replace(/'nonce-[^']*'/g, "'nonce-…'");
}

/** A field of a report's body, whose shape depends on the browser. */
export function read(body: object | null, field: string): string {
  const value: unknown = (body as Readonly<Record<string, unknown>> | null)?.[field];
  return typeof value === 'string' ? value : '';
}

/** What is no URL, such as a policy's `inline`, stands for itself. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : withoutQuery(url);
}

export function withoutQuery(url: string): string {
  return url.replace(/[?#].*/s, '');
}

/** Fit to be shown: one line, short, without query, fragment and credentials. */
export function shorten(value: string): string {
  const safe = withoutQuery(value)
    .replace(/\/\/[^/]*@/, '//')
    .replace(/\s+/g, ' ');
  return safe.length > 120 ? `${safe.slice(0, 119)}…` : safe;
}
