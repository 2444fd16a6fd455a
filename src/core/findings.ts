import type { DiagnosisCode } from './diagnosis-fixes.js';
import {
  allow,
  originOf,
  read,
  refusals,
  shorten,
  violation,
  withoutQuery,
  type FrameEvidence,
} from './frame-evidence.js';

/** `proven` is said only where the browser itself named our frame; `possible` is the most frequent of several causes. */
export type Confidence = 'proven' | 'likely' | 'possible';

export type Finding = readonly [code: DiagnosisCode, confidence: Confidence, evidence: string, copy?: string];

const SANDBOX =
  'sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"';
const NO_COEP = 'Cross-Origin-Embedder-Policy: unsafe-none';
/** The policies that the element and Lit make. */
const POLICIES = ['checkout-embed', 'lit-html'];

/** Also told of a pasted frame before there is any evidence of a load. */
export const NO_SRC: Finding = ['missing-src', 'proven', 'The frame has no src.'];

/** What cannot be otherwise: the browser named our frame, our script or our request. */
export function prove(evidence: FrameEvidence): Finding | null {
  const { frameUrl, sandbox, script } = evidence;
  if (frameUrl === null || frameUrl.startsWith('about:')) return NO_SRC;
  const portal = originOf(frameUrl);

  if (evidence.opaqueMessage === true || (sandbox != null && !/\ballow-scripts\b/i.test(sandbox))) {
    return ['sandboxed', 'proven', 'A sandbox takes scripts or the origin from the frame.', SANDBOX];
  }
  const frameBlock = violation(evidence, 'frame-src', (url) => originOf(url) === portal);
  if (frameBlock !== undefined) {
    const by = `The policy of this page blocks frames of ${portal} (frame-src).`;
    const copy = allow(frameBlock, portal);
    // A policy with a path may block one of several frames.
    const ours = !/[^:/]\/[^/\s]/.test(copy) || evidence.soleFrame !== false;
    return ['csp-frame-src', ours ? 'proven' : 'likely', by, copy];
  }
  const refusal = refusals(evidence).find(({ url }) => originOf(url) === portal);
  if (refusal !== undefined) {
    const by = `The browser reports that ${portal} refuses to be framed here: ${shorten(refusal.policy)}`;
    return refused(evidence, isOfOurFrame(evidence, portal) ? 'proven' : 'likely', by);
  }
  const isolated = evidence.reports
    .filter(
      ({ type, body }) =>
        type === 'coep' &&
        read(body, 'disposition') !== 'reporting' &&
        // Of the script alone it would say nothing of the frame.
        read(body, 'destination') === 'iframe',
    )
    .map(({ body }) => read(body, 'blockedURL'))
    .filter((url) => originOf(url) === portal);
  if (isolated.length > 0) {
    const isNamed = isolated.some((url) => withoutQuery(url) === withoutQuery(frameUrl));
    const ours = isNamed || evidence.soleFrame !== false;
    const by = `The browser reports that COEP blocks ${portal}.`;
    return ['page-coep', ours ? 'proven' : 'likely', by, NO_COEP];
  }

  const scriptBlock = violation(
    evidence,
    'script-src',
    (url) =>
      (script?.state === 'failed' || (script?.state === 'pending' && script.twice !== true)) &&
      withoutQuery(url) === withoutQuery(script.url),
  );
  if (script !== undefined && scriptBlock !== undefined) {
    const origin = originOf(script.url);
    const by = `The policy of this page blocks embed.js of ${origin} (script-src).`;
    return ['csp-script-src', 'proven', by, allow(scriptBlock, origin)];
  }
  if (evidence.trustedTypesRefused === true) {
    const types = violation(evidence, 'trusted-types', () => true) ?? {
      effectiveDirective: 'trusted-types',
      originalPolicy: '',
    };
    const by = 'The policy of this page refuses to make a script URL (trusted-types).';
    return ['trusted-types', 'proven', by, allow(types, policiesToAdd(types.originalPolicy))];
  }
  return null;
}

/**
 * Whether a refusal of the portal's must be of our frame: the browser names the origin alone. It does so about when the
 * frame loads, as an empty page; one that was there before us may have loaded long before.
 */
function isOfOurFrame(evidence: FrameEvidence, portal: string): boolean {
  const { reports, loadReports, heardFromStart } = evidence;
  if (evidence.soleFrame === false) return false;
  if (heardFromStart === false) return true;
  const before = reports.slice(0, loadReports ?? 0);
  return refusals({ reports: before }).some(({ url }) => originOf(url) === portal);
}

/** The backend cannot be asked. That silences no frame, and is a finding of its own. */
export function proveDeaf(evidence: FrameEvidence): Finding | null {
  const { handoffUrl } = evidence;
  if (handoffUrl === undefined) return null;
  const base = withoutQuery(handoffUrl).replace(/\/*$/, '/');
  const block = violation(evidence, 'connect-src', (url) => url.startsWith(base));
  if (block === undefined) return null;
  const origin = originOf(handoffUrl);
  const by = `The policy of this page blocks requests to ${origin} (connect-src).`;
  return ['csp-connect-src', 'proven', by, allow(block, origin)];
}

/** What the frame's surroundings say. */
export function observe(evidence: FrameEvidence): Finding | null {
  const { pageOrigin, loaded = false, script, httpStatus = 0 } = evidence;
  const frameUrl = evidence.frameUrl ?? '';
  const portal = originOf(frameUrl);
  const answered = evidence.probe === 'opaque' || evidence.probe === 'pending';
  if (!loaded && !answered && pageOrigin.startsWith('https:') && frameUrl.startsWith('http:')) {
    const copy = portal.replace('http:', 'https:');
    return ['mixed-content', 'likely', 'The page is https and the frame is http.', copy];
  }
  if (evidence.online === false) return ['offline', 'likely', 'The browser says that it is offline.'];
  if (evidence.lazyOutOfView === true && !loaded) {
    return ['lazy-not-in-view', 'likely', 'The frame is lazy and not near the view.', 'loading="eager"'];
  }
  if (evidence.isolated === true && !loaded) {
    return ['page-coep', 'likely', 'This page is cross-origin isolated, so its frames must opt in.', NO_COEP];
  }
  if (httpStatus >= 400) {
    const code = httpStatus >= 500 || httpStatus === 429 ? 'portal-error' : 'http-error';
    return [code, 'likely', `The portal answers ${httpStatus}.`];
  }
  // Where our own policy blocks the probe, its failure says nothing of the portal.
  if (evidence.probe === 'rejected' && !isProbeBlocked(evidence)) {
    return ['unreachable', 'likely', `A request to ${portal} finds no answer.`];
  }
  if (script?.state === 'failed') {
    const by = `embed.js of ${originOf(script.url)} did not load, and without it no frame is heard.`;
    return script.integrity
      ? ['embed-script-integrity', 'likely', by]
      : // Where the portal itself may be away, its script is not the cause.
        [
          'embed-script-failed',
          evidence.probe === 'opaque' && script.others === false ? 'proven' : 'likely',
          by,
          withoutQuery(script.url),
        ];
  }
  if (script?.state === 'threw') {
    return [
      'embed-script-failed',
      'likely',
      'embed.js arrived, but did not start.',
      withoutQuery(script.url),
    ];
  }
  const elsewhere = refusals(evidence)[0];
  if (elsewhere !== undefined) {
    const by = `${originOf(elsewhere.url)} refuses to be framed here; the portal may lead there.`;
    return refused(evidence, 'likely', by);
  }
  return null;
}

/** Whether our own policy came between the probe and the portal: then its failure says nothing. */
export function isProbeBlocked(evidence: FrameEvidence): boolean {
  const portal = originOf(evidence.frameUrl ?? '');
  return (
    evidence.probe === 'forbidden' ||
    (evidence.probe === 'rejected' &&
      violation(evidence, 'connect-src', (url) => originOf(url) === portal) !== undefined)
  );
}

/** The rest, which no page can tell apart for sure. */
export function guess(evidence: FrameEvidence): Finding {
  const { probe, script } = evidence;
  if (script?.state === 'pending') {
    return ['embed-script-failed', 'possible', 'embed.js has not arrived.', withoutQuery(script.url)];
  }
  if (evidence.inShadow === true) {
    return ['listened-late', 'likely', 'The tag stands in a shadow root, where embed.js does not look.'];
  }
  if (evidence.heardFromStart === false) {
    return ['listened-late', 'possible', 'The frame was here before checkout-embed: its word may be missed.'];
  }
  if (evidence.loaded !== true) {
    return probe === 'opaque' && evidence.document === 'blank'
      ? ['never-navigated', 'likely', 'The portal answers, but the frame stays empty.']
      : ['stalled', probe === 'pending' ? 'likely' : 'possible', 'The portal has not answered in time.'];
  }
  if (evidence.refusedBefore === true) {
    return refused(evidence, 'likely', 'The portal refused another frame of this page.');
  }
  if (evidence.resourceEntry === false) {
    return refused(evidence, 'likely', 'The frame loaded, but the browser kept no trace of its page.');
  }
  const by = 'A page loaded in the frame and says nothing.';
  const { pageOrigin } = evidence;
  return pageOrigin === 'null'
    ? refused(evidence, 'possible', by)
    : ['silent-page', 'possible', by, pageOrigin];
}

/** Every page around the frame must be listed, not only the nearest. */
function refused(
  { pageOrigin, ancestorOrigins = [] }: FrameEvidence,
  confidence: Confidence,
  by: string,
): Finding {
  if (pageOrigin === 'null')
    return [
      'sandboxed',
      confidence,
      `${by} This page stands in a sandbox that takes its origin away: no portal can list it.`,
      SANDBOX,
    ];
  return ['origin-not-allowlisted', confidence, by, [...new Set([pageOrigin, ...ancestorOrigins])].join(' ')];
}

/** Where all are listed, another copy of the package has made its own of that name. */
function policiesToAdd(originalPolicy: string): string {
  const listed = /(?:^|;)\s*trusted-types\s([^;]*)/i.exec(originalPolicy)?.[1]?.split(/\s+/) ?? [];
  const missing = listed.includes('*') ? [] : POLICIES.filter((name) => !listed.includes(name));
  return missing.length === 0 ? "'allow-duplicates'" : missing.join(' ');
}
