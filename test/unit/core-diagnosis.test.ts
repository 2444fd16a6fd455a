import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  diagnose,
  diagnoseAttribute,
  effectOnFrame,
  isNetworkLike,
  type Confidence,
  type DiagnosisCode,
  type FrameEvidence,
} from '../../src/core/diagnosis.js';

const PORTAL = 'https://acme.portal.ledgerbee.com';
const SANDBOX =
  'sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"';
const PAGE = 'https://shop.example';
const HANDOFF = 'https://pay.example/checkout';

/** A frame that was given its URL and has not spoken. */
const SILENT: FrameEvidence = {
  frameUrl: `${PORTAL}/embed/pro-plan?target=inline&email=someone`,
  pageOrigin: PAGE,
  violations: [],
  reports: [],
};

const violation = (
  effectiveDirective: string,
  blockedURI: string,
  originalPolicy = "default-src 'self'",
  disposition = 'enforce',
) => ({ effectiveDirective, blockedURI, originalPolicy, disposition });

const refusal = (documentURL: string, disposition = 'enforce') => ({
  type: 'csp-violation',
  body: {
    effectiveDirective: 'frame-ancestors',
    documentURL,
    disposition,
    originalPolicy: 'frame-ancestors https://www.shop.example',
  },
});

const coep = (blockedURL: string, disposition = 'enforce') => ({
  type: 'coep',
  body: { type: 'corp', blockedURL, destination: 'iframe', disposition },
});

const coepOf = (destination: string) => ({
  type: 'coep',
  body: { type: 'corp', blockedURL: `${PORTAL}/x`, destination, disposition: 'enforce' },
});

const script = (state: 'pending' | 'loaded' | 'failed' | 'threw', integrity = false) => ({
  url: `${PORTAL}/embed.js?v=1`,
  state,
  integrity,
});

describe('diagnose', () => {
  it.each<[string, Partial<FrameEvidence>, DiagnosisCode, Confidence, string | undefined]>([
    // What the browser itself says of our frame, script or request.
    ['a frame without a src', { frameUrl: null }, 'missing-src', 'proven', undefined],
    ['an empty frame', { frameUrl: 'about:blank', loaded: true }, 'missing-src', 'proven', undefined],
    [
      'frame-ancestors in Chromium',
      {
        loaded: true,
        loadReports: 1,
        document: 'foreign',
        reports: [refusal(`${PORTAL}/`)],
        probe: 'opaque',
      },
      'origin-not-allowlisted',
      'proven',
      PAGE,
    ],
    [
      'frame-ancestors in a page whose origin a sandbox took: to list its address would help nobody',
      {
        pageOrigin: 'null',
        loaded: true,
        loadReports: 1,
        document: 'foreign',
        reports: [refusal(`${PORTAL}/`)],
        probe: 'opaque',
      },
      'sandboxed',
      'proven',
      SANDBOX,
    ],
    [
      'frame-ancestors that were told of when the frame had loaded: it may be another frame',
      { loaded: true, loadReports: 0, reports: [refusal(`${PORTAL}/`)] },
      'origin-not-allowlisted',
      'likely',
      PAGE,
    ],
    [
      'frame-ancestors while the frame is still on its way',
      { reports: [refusal(`${PORTAL}/`)] },
      'origin-not-allowlisted',
      'likely',
      PAGE,
    ],
    [
      'frame-ancestors of a frame that was there before anybody looked',
      { heardFromStart: false, reports: [refusal(`${PORTAL}/`)] },
      'origin-not-allowlisted',
      'proven',
      PAGE,
    ],
    [
      'COEP, where it may be another frame of the portal',
      { soleFrame: false, reports: [coep(`${PORTAL}/embed/other`)] },
      'page-coep',
      'likely',
      'Cross-Origin-Embedder-Policy: unsafe-none',
    ],
    [
      'embed.js that does not load, beside another script of the portal',
      { loaded: true, script: { ...script('failed'), others: true }, probe: 'opaque' },
      'embed-script-failed',
      'likely',
      `${PORTAL}/embed.js`,
    ],
    [
      'frame-ancestors of a page that is framed itself',
      { loadReports: 1, reports: [refusal(`${PORTAL}/`)], ancestorOrigins: ['https://cms.example', PAGE] },
      'origin-not-allowlisted',
      'proven',
      `${PAGE} https://cms.example`,
    ],
    [
      "the page's frame-src",
      {
        loaded: true,
        violations: [violation('frame-src', PORTAL, "frame-src 'self' https://a.example; img-src *")],
      },
      'csp-frame-src',
      'proven',
      `frame-src 'self' https://a.example ${PORTAL}`,
    ],
    [
      "the page's default-src",
      { violations: [violation('frame-src', PORTAL, "script-src 'unsafe-inline'; default-src 'none'")] },
      'csp-frame-src',
      'proven',
      `frame-src ${PORTAL}`,
    ],
    [
      "the page's child-src",
      { violations: [violation('frame-src', PORTAL, "child-src 'self'; default-src *")] },
      'csp-frame-src',
      'proven',
      `frame-src 'self' ${PORTAL}`,
    ],
    [
      "the page's script-src",
      {
        violations: [
          violation(
            'script-src-elem',
            `${PORTAL}/embed.js`,
            "SCRIPT-SRC 'self' 'nonce-c2VjcmV0'; default-src *",
          ),
        ],
        script: script('failed'),
      },
      'csp-script-src',
      'proven',
      `script-src 'self' 'nonce-…' ${PORTAL}`,
    ],
    [
      "the page's script-src-elem",
      {
        violations: [
          violation('script-src-elem', `${PORTAL}/embed.js`, "script-src-elem 'self'; script-src *"),
        ],
        script: script('failed'),
      },
      'csp-script-src',
      'proven',
      `script-src-elem 'self' ${PORTAL}`,
    ],
    [
      "the page's connect-src",
      { heard: true, violations: [violation('connect-src', `${HANDOFF}/attempts`)], handoffUrl: HANDOFF },
      'csp-connect-src',
      'proven',
      "connect-src 'self' https://pay.example",
    ],
    [
      'trusted types',
      {
        trustedTypesRefused: true,
        violations: [violation('trusted-types', 'trusted-types-policy', 'trusted-types app')],
      },
      'trusted-types',
      'proven',
      'trusted-types app checkout-embed lit-html',
    ],
    [
      'trusted types, one of ours listed',
      {
        trustedTypesRefused: true,
        violations: [violation('trusted-types', 'trusted-types-policy', 'trusted-types lit-html')],
      },
      'trusted-types',
      'proven',
      'trusted-types lit-html checkout-embed',
    ],
    [
      'trusted types, made by another copy already',
      {
        trustedTypesRefused: true,
        violations: [
          violation(
            'trusted-types',
            'trusted-types-policy',
            "default-src 'none'; trusted-types checkout-embed lit-html",
          ),
        ],
      },
      'trusted-types',
      'proven',
      "trusted-types checkout-embed lit-html 'allow-duplicates'",
    ],
    [
      'trusted types of any name, made by another copy already',
      {
        trustedTypesRefused: true,
        violations: [violation('trusted-types', 'trusted-types-policy', 'trusted-types *')],
      },
      'trusted-types',
      'proven',
      "trusted-types * 'allow-duplicates'",
    ],
    [
      'COEP in Chromium',
      { loaded: true, reports: [coep(`${PORTAL}/embed/pro-plan`)] },
      'page-coep',
      'proven',
      'Cross-Origin-Embedder-Policy: unsafe-none',
    ],
    [
      'a sandbox without scripts',
      { sandbox: 'allow-forms', loaded: true },
      'sandboxed',
      'proven',
      expect.any(String) as string,
    ],
    [
      'a word from the origin "null"',
      { opaqueMessage: true, loaded: true },
      'sandboxed',
      'proven',
      expect.any(String) as string,
    ],
    [
      'embed.js that does not load',
      { loaded: true, script: { ...script('failed'), others: false }, probe: 'opaque' },
      'embed-script-failed',
      'proven',
      `${PORTAL}/embed.js`,
    ],
    [
      'trusted types that name a part of what is needed',
      {
        trustedTypesRefused: true,
        violations: [violation('trusted-types', 'trusted-types-policy', 'trusted-types lit-html app')],
      },
      'trusted-types',
      'proven',
      'trusted-types lit-html app checkout-embed',
    ],
    ['a frame that has spoken', { heard: true, handoffUrl: HANDOFF }, 'working', 'proven', undefined],
    // What is seen from outside.
    [
      'frame-ancestors, where it may be another frame of the portal',
      { loaded: true, soleFrame: false, reports: [refusal(`${PORTAL}/`)] },
      'origin-not-allowlisted',
      'likely',
      PAGE,
    ],
    [
      'a frame-src with a path, where it may be another frame of the portal',
      { soleFrame: false, violations: [violation('frame-src', PORTAL, `frame-src ${PORTAL}/embed/other`)] },
      'csp-frame-src',
      'likely',
      `frame-src ${PORTAL}/embed/other ${PORTAL}`,
    ],
    [
      'a frame-src that blocks every frame of the portal',
      { soleFrame: false, violations: [violation('frame-src', PORTAL, "frame-src 'self'; img-src a/b")] },
      'csp-frame-src',
      'proven',
      `frame-src 'self' ${PORTAL}`,
    ],
    [
      'embed.js that does not load, of a portal that nobody could ask',
      { loaded: true, script: script('failed'), probe: 'forbidden' },
      'embed-script-failed',
      'likely',
      `${PORTAL}/embed.js`,
    ],
    [
      'a slow http frame of this machine, which an https page may hold',
      { frameUrl: 'http://portal.localhost/embed/x', loaded: false, probe: 'pending' },
      'stalled',
      'likely',
      undefined,
    ],
    [
      'mixed content that nobody could ask',
      { frameUrl: 'http://acme.portal.ledgerbee.com/embed/x', loaded: false, probe: 'rejected' },
      'mixed-content',
      'likely',
      PORTAL,
    ],
    [
      'embed.js with integrity',
      { script: script('failed', true) },
      'embed-script-integrity',
      'likely',
      undefined,
    ],
    [
      'embed.js that breaks',
      { script: script('threw'), loaded: true },
      'embed-script-failed',
      'likely',
      `${PORTAL}/embed.js`,
    ],
    [
      'embed.js that does not come',
      { script: script('pending'), loaded: true },
      'embed-script-failed',
      'possible',
      `${PORTAL}/embed.js`,
    ],
    ['no connection', { online: false, probe: 'rejected' }, 'offline', 'likely', undefined],
    [
      'DNS, TLS or a refused connection in Chromium',
      { loaded: true, document: 'foreign', probe: 'rejected' },
      'unreachable',
      'likely',
      undefined,
    ],
    [
      'the same in Firefox',
      { loaded: false, document: 'foreign', probe: 'rejected' },
      'unreachable',
      'likely',
      undefined,
    ],
    [
      'a portal that is down, with its script',
      { script: script('failed'), probe: 'rejected' },
      'unreachable',
      'likely',
      undefined,
    ],
    [
      'a probe that our own policy blocked',
      { loaded: true, probe: 'rejected', violations: [violation('connect-src', `${PORTAL}/embed/pro-plan`)] },
      'silent-page',
      'possible',
      PAGE,
    ],
    ['a plan that is not there', { loaded: true, httpStatus: 404 }, 'http-error', 'likely', undefined],
    ['a portal in trouble', { loaded: true, httpStatus: 503 }, 'portal-error', 'likely', undefined],
    [
      'mixed content',
      { frameUrl: 'http://acme.portal.ledgerbee.com/embed/x', loaded: false },
      'mixed-content',
      'likely',
      PORTAL,
    ],
    [
      'COEP in Firefox',
      { isolated: true, loaded: false, probe: 'rejected' },
      'page-coep',
      'likely',
      expect.any(String) as string,
    ],
    [
      'a lazy frame out of view',
      { lazyOutOfView: true, loaded: false, document: 'blank' },
      'lazy-not-in-view',
      'likely',
      'loading="eager"',
    ],
    [
      'a refusal after a redirect',
      { loaded: true, reports: [refusal('https://login.example/')] },
      'origin-not-allowlisted',
      'likely',
      PAGE,
    ],
    [
      'a refusal in WebKit',
      { loaded: true, document: 'foreign', resourceEntry: false, probe: 'opaque' },
      'origin-not-allowlisted',
      'likely',
      PAGE,
    ],
    [
      '204, a download or a blocker',
      { loaded: false, document: 'blank', probe: 'opaque' },
      'never-navigated',
      'likely',
      undefined,
    ],
    [
      'a server that hangs',
      { loaded: false, document: 'blank', probe: 'pending' },
      'stalled',
      'likely',
      undefined,
    ],
    [
      'a body that stalls',
      { loaded: false, document: 'foreign', probe: 'opaque' },
      'stalled',
      'possible',
      undefined,
    ],
    ['nothing at all', {}, 'stalled', 'possible', undefined],
    ['a frame in a shadow root', { inShadow: true }, 'listened-late', 'likely', undefined],
    ['a frame that was here first', { heardFromStart: false }, 'listened-late', 'possible', undefined],
    // One bucket: frame-ancestors in Firefox, X-Frame-Options, an error page, a portal that broke.
    [
      'a page that says nothing',
      { loaded: true, document: 'foreign', resourceEntry: true, probe: 'opaque' },
      'silent-page',
      'possible',
      PAGE,
    ],
    [
      'the same in a page that no portal can list',
      { loaded: true, document: 'foreign', resourceEntry: true, probe: 'opaque', pageOrigin: 'null' },
      'sandboxed',
      'possible',
      SANDBOX,
    ],
  ])('names %s', (_what, evidence, code, confidence, copy) => {
    const diagnosis = diagnose({ ...SILENT, ...evidence });

    expect(diagnosis).toMatchObject({ code, confidence });
    expect(diagnosis.fix.copy).toEqual(copy);
  });

  it.each<[string, Partial<FrameEvidence>]>([
    ['a policy that only reports', { violations: [violation('frame-src', PORTAL, 'frame-src a', 'report')] }],
    ['a refusal that is only reported', { reports: [refusal(`${PORTAL}/`, 'report')] }],
    ['COEP that only reports', { reports: [coep(`${PORTAL}/x`, 'reporting')] }],
    [
      "another vendor's frame in frame-src",
      { violations: [violation('frame-src', 'https://video.example')] },
    ],
    ["another vendor's frame under COEP", { reports: [coep('https://video.example/x')] }],
    [
      "another script's violation",
      { violations: [violation('script-src-elem', 'https://ads.example/a.js')], script: script('loaded') },
    ],
    ['an inline script', { violations: [violation('script-src-elem', 'inline')], script: script('loaded') }],
    [
      "another request's violation",
      { violations: [violation('connect-src', 'https://ads.example/')], handoffUrl: HANDOFF },
    ],
    ["COEP that blocks only the portal's script", { reports: [coepOf('script')], script: script('loaded') }],
    [
      'a script-src that blocked a copy of a script that runs',
      { violations: [violation('script-src-elem', `${PORTAL}/embed.js`)], script: script('loaded') },
    ],
    [
      "the backend's violation, which silences no frame",
      { violations: [violation('connect-src', `${HANDOFF}/attempts`)], handoffUrl: HANDOFF },
    ],
    ['a question that our own policy forbids', { probe: 'forbidden' }],
    [
      "another host that begins like the backend's",
      {
        violations: [violation('connect-src', 'https://pay.example.evil.example/')],
        handoffUrl: 'https://pay.example',
      },
    ],
    ["somebody else's trusted types", { violations: [violation('trusted-types', 'trusted-types-policy')] }],
    [
      'reports of other kinds',
      {
        reports: [
          { type: 'deprecation', body: null },
          { type: 'csp-violation', body: {} },
        ],
      },
    ],
    ['a sandbox that allows scripts', { sandbox: 'allow-same-origin allow-scripts' }],
  ])('is not misled by %s', (_what, evidence) => {
    expect(diagnose({ ...SILENT, loaded: true, ...evidence })).toMatchObject({
      code: 'silent-page',
      confidence: 'possible',
    });
  });

  it('proves nothing by a refusal that may be meant for another tag of the script', () => {
    const violations = [violation('script-src-elem', `${PORTAL}/embed.js`)];
    const ours = diagnose({ ...SILENT, violations, script: script('pending') });
    const either = diagnose({ ...SILENT, violations, script: { ...script('pending'), twice: true } });
    expect([ours.confidence, either.confidence]).toEqual(['proven', 'possible']);
  });

  it('says that our own policy forbids to ask the portal', () => {
    const evidence = diagnose({ ...SILENT, loaded: true, probe: 'forbidden' }).evidence.join();

    expect(evidence).toContain('forbids to ask');
  });

  it('says what the portal lists, for the one letter that differs', () => {
    const [decisive] = diagnose({ ...SILENT, reports: [refusal(`${PORTAL}/`)] }).evidence;

    expect(decisive).toContain('https://www.shop.example');
  });

  it('keeps queries and buyer data out, whatever was seen', () => {
    const url = `${PORTAL}/embed/x?email=secret@shop.example#secret`;
    fc.assert(
      fc.property(
        fc.record({
          loaded: fc.boolean(),
          probe: fc.constantFrom('opaque' as const, 'rejected' as const, 'pending' as const),
          document: fc.constantFrom('blank' as const, 'foreign' as const),
          heardFromStart: fc.boolean(),
          httpStatus: fc.constantFrom(200, 404, 500),
          reports: fc.subarray([refusal(url), coep(url), refusal('https://login.example/?u=secret')]),
          violations: fc.subarray([
            violation('frame-src', url),
            violation('script-src-elem', `${PORTAL}/embed.js?v=secret`),
            violation('connect-src', `${HANDOFF}/attempts?secret`),
          ]),
          script: fc.constantFrom(undefined, {
            url: `${PORTAL}/embed.js?v=secret`,
            state: 'failed' as const,
            integrity: false,
          }),
          handoffUrl: fc.constantFrom(undefined, `${HANDOFF}?secret`),
        }),
        (seen) => {
          const diagnosis = diagnose({ ...SILENT, frameUrl: url, ...seen });
          expect(JSON.stringify(diagnosis)).not.toContain('secret');
          for (const sentence of diagnosis.evidence) expect(sentence).toMatch(/^\S.*\S$/);
          expect(diagnosis.fix.text).not.toBe('');
        },
      ),
    );
  });
});

describe('diagnoseAttribute', () => {
  it('names the attribute, what was given, what is allowed and a value that would do', () => {
    expect(
      diagnoseAttribute({ attribute: 'portal', value: 'acme', allowed: 'an https URL', copy: PORTAL }),
    ).toEqual({
      code: 'bad-portal',
      confidence: 'proven',
      evidence: ['The attribute portal is "acme".'],
      fix: { who: 'developer', text: 'Set portal to an https URL.', copy: PORTAL },
    });
  });

  it.each([
    ['plan', null, 'missing-plan', 'is missing'],
    ['plan', '../x', 'bad-attribute', '"../x"'],
    ['timeout', '-1', 'bad-attribute', '"-1"'],
    ['portal', null, 'bad-portal', 'is missing'],
    ['src', null, 'missing-src', 'no src'],
    [
      'portal',
      'https://user:secret@acme.example/?token=secret#secret',
      'bad-portal',
      '"https://acme.example/"',
    ],
    ['portal', 'a\n\tb', 'bad-portal', '"a b"'],
    ['portal', 'HTTP://acme.example/?token=secret', 'mixed-content', '"HTTP://acme.example/"'],
    ['src', 'http://acme.example/embed/pro?token=secret', 'mixed-content', '"http://acme.example/embed/pro"'],
    ['portal', 'http://localhost:99999', 'bad-portal', '"http://localhost:99999"'],
    ['portal', 'http://', 'bad-portal', '"http://"'],
    ['return-url', 'http://acme.example/', 'bad-attribute', '"http://acme.example/"'],
  ])('tells of %s=%j', (attribute, value, code, text) => {
    const diagnosis = diagnoseAttribute({ attribute, value, allowed: 'right' });

    expect(diagnosis.code).toBe(code);
    expect(diagnosis.evidence[0]).toContain(text);
    expect(JSON.stringify(diagnosis)).not.toContain('secret');
  });

  it.each([
    ['portal', 'HTTP://acme.example/', 'https://acme.example'],
    ['portal', 'http://user:secret@acme.example:8080', 'https://acme.example:8080'],
    ['src', 'http://acme.example/embed/pro?token=secret', 'https://acme.example'],
  ])(
    'gives the https address of the portal for %s="%s", and nothing that may be secret',
    (attribute, value, copy) => {
      expect(diagnoseAttribute({ attribute, value, allowed: 'right', copy: value }).fix.copy).toBe(copy);
    },
  );

  it('shortens what is too long to read', () => {
    const [sentence = ''] = diagnoseAttribute({
      attribute: 'src',
      value: 'x'.repeat(5_000),
      allowed: 'right',
    }).evidence;

    expect(sentence.length).toBeLessThan(160);
  });
});

describe('isNetworkLike', () => {
  it.each<[DiagnosisCode, boolean]>([
    ['offline', true],
    ['unreachable', true],
    ['stalled', true],
    ['portal-error', true],
    ['silent-page', false],
    ['origin-not-allowlisted', false],
    ['http-error', false],
    ['embed-script-failed', false],
  ])('%s: %s', (code, expected) => {
    expect(isNetworkLike({ code })).toBe(expected);
  });
});

describe('effectOnFrame', () => {
  it.each([
    ['origin-not-allowlisted', 'refused'],
    ['csp-frame-src', 'refused'],
    ['page-coep', 'refused'],
    ['sandboxed', 'refused'],
    ['missing-src', 'refused'],
    ['csp-script-src', 'unheard'],
    ['csp-connect-src', 'unheard'],
    ['trusted-types', 'unheard'],
    ['embed-script-failed', 'unheard'],
  ] as const)('of %s is %s', (code, effect) => {
    expect(effectOnFrame({ code })).toBe(effect);
  });
});
