/** `proven` is never wrong: whatever else was seen, a proof needs its own witness. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose, type DiagnosisCode, type FrameEvidence } from '../../src/core/diagnosis.js';

const PORTAL = 'https://acme.portal.ledgerbee.com';
const FRAME = `${PORTAL}/embed/pro-plan`;
const SCRIPT = `${PORTAL}/embed.js`;
const HANDOFF = 'https://pay.example/checkout';
/** Everything else on a merchant's page, near misses among them. */
const STRANGERS = [
  'https://ads.example/a.js',
  'https://acme.portal.ledgerbee.com.evil.example/embed.js',
  'https://pay.example/checkouts/1',
  `${PORTAL}:8443/embed.js`,
  'inline',
  'null',
  '',
];

const ours = fc.constantFrom(PORTAL, FRAME, SCRIPT, `${HANDOFF}/attempts`);
const url = fc.oneof({ weight: 3, arbitrary: ours }, fc.constantFrom(...STRANGERS));
const disposition = fc.constantFrom('enforce', 'enforce', 'enforce', 'report', 'reporting', '');
const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(values, { nil: undefined });

const evidence: fc.Arbitrary<FrameEvidence> = fc.record({
  frameUrl: fc.constantFrom(
    FRAME,
    FRAME,
    FRAME,
    FRAME,
    null,
    'about:blank',
    'http://acme.portal.ledgerbee.com/x',
  ),
  pageOrigin: fc.constant('https://shop.example'),
  violations: fc.array(
    fc.record({
      effectiveDirective: fc.constantFrom(
        'frame-src',
        'script-src-elem',
        'connect-src',
        'trusted-types',
        'img-src',
      ),
      blockedURI: url,
      disposition,
      originalPolicy: fc.constantFrom('', "default-src 'self'", `frame-src ${PORTAL}/embed/other`),
    }),
    { maxLength: 4 },
  ),
  reports: fc.array(
    fc.record({
      type: fc.constantFrom('csp-violation', 'coep', 'deprecation'),
      body: fc.option(
        fc.record({
          effectiveDirective: fc.constantFrom('frame-ancestors', 'frame-src'),
          documentURL: url,
          blockedURL: url,
          destination: fc.constantFrom('iframe', 'script', ''),
          disposition,
        }),
      ),
    }),
    { maxLength: 4 },
  ),
  heard: maybe(fc.boolean()),
  soleFrame: maybe(fc.boolean()),
  loaded: maybe(fc.boolean()),
  loadReports: maybe(fc.integer({ min: 0, max: 4 })),
  document: maybe(fc.constantFrom('blank', 'foreign')),
  heardFromStart: maybe(fc.boolean()),
  online: maybe(fc.boolean()),
  lazyOutOfView: maybe(fc.boolean()),
  sandbox: maybe(fc.constantFrom(null, '', 'allow-forms', 'allow-scripts allow-same-origin')),
  opaqueMessage: maybe(fc.boolean()),
  isolated: maybe(fc.boolean()),
  trustedTypesRefused: maybe(fc.boolean()),
  script: maybe(
    fc.record({
      url: fc.constant(SCRIPT),
      state: fc.constantFrom('pending', 'loaded', 'failed', 'threw'),
      integrity: fc.boolean(),
      twice: fc.boolean(),
      others: maybe(fc.boolean()),
    }),
  ),
  probe: maybe(fc.constantFrom('opaque', 'rejected', 'pending', 'forbidden')),
  httpStatus: maybe(fc.constantFrom(200, 404, 429, 500)),
  resourceEntry: maybe(fc.boolean()),
  handoffUrl: maybe(fc.constant(HANDOFF)),
});

/** What must have been seen for each proof, of our own frame, script or request. No other code is ever a proof. */
const WITNESS: Partial<Record<DiagnosisCode, (seen: FrameEvidence) => boolean>> = {
  working: ({ heard }) => heard === true,
  'missing-src': ({ frameUrl }) => frameUrl === null || frameUrl === 'about:blank',
  sandboxed: ({ opaqueMessage, sandbox }) =>
    opaqueMessage === true || sandbox === '' || sandbox === 'allow-forms',
  'csp-frame-src': ({ violations, frameUrl }) =>
    violations.some((one) => isOurs(one, 'frame-src') && one.blockedURI.startsWith(originOf(frameUrl))),
  'origin-not-allowlisted': ({ reports, frameUrl, soleFrame, loadReports, heardFromStart }) =>
    soleFrame !== false &&
    reports.slice(0, heardFromStart === false ? undefined : (loadReports ?? 0)).some(({ type, body }) => {
      const { effectiveDirective, documentURL = '', disposition } = (body ?? {}) as Record<string, string>;
      return (
        type === 'csp-violation' &&
        effectiveDirective === 'frame-ancestors' &&
        disposition === 'enforce' &&
        URL.canParse(documentURL) &&
        new URL(documentURL).origin === originOf(frameUrl)
      );
    }),
  'page-coep': ({ reports, frameUrl, soleFrame }) =>
    reports.some(({ type, body }) => {
      const { blockedURL = '', destination, disposition } = (body ?? {}) as Record<string, string>;
      return (
        type === 'coep' &&
        disposition !== 'reporting' &&
        destination === 'iframe' &&
        (soleFrame === false
          ? blockedURL.split('?')[0] === frameUrl?.split('?')[0]
          : blockedURL.startsWith(originOf(frameUrl)))
      );
    }),
  'csp-script-src': ({ violations, script }) =>
    (script?.state === 'failed' || (script?.state === 'pending' && script.twice !== true)) &&
    violations.some((one) => isOurs(one, 'script-src-elem') && one.blockedURI === SCRIPT),
  'trusted-types': ({ trustedTypesRefused }) => trustedTypesRefused === true,
  'csp-connect-src': ({ violations, heard }) =>
    heard === true &&
    violations.some((one) => isOurs(one, 'connect-src') && one.blockedURI === `${HANDOFF}/attempts`),
  'embed-script-failed': ({ script, probe }) =>
    script?.state === 'failed' && script.others === false && probe === 'opaque',
};

describe('a proof', { timeout: 60_000 }, () => {
  it('has its own witness, whatever else was seen', () => {
    const proven = new Set<DiagnosisCode>();
    fc.assert(
      fc.property(evidence, (seen) => {
        const { code, confidence } = diagnose(seen);
        if (confidence !== 'proven') return;
        proven.add(code);
        expect(WITNESS[code]?.(seen), code).toBe(true);
      }),
      { numRuns: 5000 },
    );
    // The property has met proofs; the rare ones have rows of their own in `core-diagnosis.test.ts`.
    expect(proven.size).toBeGreaterThan(4);
  });

  it('is never made of what others did', () => {
    fc.assert(
      fc.property(evidence, fc.constantFrom(...STRANGERS), (seen, stranger) => {
        const { code, confidence } = diagnose({
          ...seen,
          frameUrl: FRAME,
          heard: false,
          sandbox: null,
          opaqueMessage: false,
          trustedTypesRefused: false,
          script: { url: SCRIPT, state: 'loaded', integrity: false },
          violations: seen.violations.map((one) => ({ ...one, blockedURI: stranger })),
          reports: seen.reports.map(({ type, body }) => ({
            type,
            body: body && { ...body, documentURL: stranger, blockedURL: stranger },
          })),
        });
        expect(confidence, code).not.toBe('proven');
      }),
      { numRuns: 2000 },
    );
  });
});

function isOurs(
  { effectiveDirective, disposition }: FrameEvidence['violations'][number],
  directive: string,
): boolean {
  return effectiveDirective === directive && disposition === 'enforce';
}

function originOf(frameUrl: string | null): string {
  return new URL(frameUrl ?? '').origin;
}
