import { isSafeUrl, parseUrl } from '../protocol/url.js';
import { FIXES, type DiagnosisCode, type Fixer } from './diagnosis-fixes.js';
import {
  guess,
  isProbeBlocked,
  NO_SRC,
  observe,
  prove,
  proveDeaf,
  type Confidence,
  type Finding,
} from './findings.js';
import { shorten, type FrameEvidence } from './frame-evidence.js';

export type { DiagnosisCode, Fixer } from './diagnosis-fixes.js';
export type { Confidence } from './findings.js';
export type { BrowserReport, FrameEvidence, PolicyViolation, ScriptEvidence } from './frame-evidence.js';

/** Why nothing is to be seen, for the developer. Holds no buyer data, and of every URL the origin alone. */
export interface Diagnosis {
  readonly code: DiagnosisCode;
  readonly confidence: Confidence;
  /** Sentences, the decisive one first. */
  readonly evidence: readonly string[];
  readonly fix: {
    readonly who: Fixer;
    readonly text: string;
    /** The exact value to enter or to add. */
    readonly copy?: string;
  };
}

/** An attribute that makes no frame. */
export interface AttributeProblem {
  readonly attribute: string;
  /** What was given; `null` where the attribute is missing. */
  readonly value: string | null;
  /** What would be right, as the end of a sentence: "an https URL". */
  readonly allowed: string;
  /** A value that would do. */
  readonly copy?: string | undefined;
}

/**
 * Names the likeliest cause of the silence, or says that there is nothing to mend. Proofs come first, then what was observed from outside the frame,
 * then the honest rest. Safe at any time after `src` was set: early, it gives what can be said so far.
 * @see research: Chromium 156, Firefox 153, WebKitGTK 2.50, one run per cause
 */
export function diagnose(evidence: FrameEvidence): Diagnosis {
  if (evidence.heard === true) return diagnoseBackend(evidence) ?? working('The frame has spoken.');
  return fromFinding(prove(evidence) ?? observe(evidence) ?? guess(evidence), circumstances(evidence));
}

/** Why the backend cannot be asked, as far as the browser tells: a trouble beside the frame's own. */
export function diagnoseBackend(evidence: FrameEvidence): Diagnosis | null {
  const finding = proveDeaf(evidence);
  return finding && fromFinding(finding, []);
}

/** @param evidence Why nothing has to be mended, as a sentence. */
export function working(evidence: string): Diagnosis {
  return fromFinding(['working', 'proven', evidence], []);
}

/** Says which attribute is wrong, what was given and what is allowed. Queries, fragments and credentials are cut out. */
export function diagnoseAttribute({ attribute, value, allowed, copy }: AttributeProblem): Diagnosis {
  // Of the pasted frame, not of the element: what is said of an attribute would send the reader to the wrong tag.
  if (attribute === 'src' && value === null) return fromFinding(NO_SRC, []);
  const given = `The attribute ${attribute} ${value === null ? 'is missing' : `is "${shorten(value)}"`}.`;
  const isFrame = attribute === 'portal' || attribute === 'src';
  const portal = isFrame && value !== null ? overHttps(value) : null;
  if (portal !== null) return fromFinding(['mixed-content', 'proven', given, portal], []);
  const code =
    attribute === 'portal'
      ? 'bad-portal'
      : attribute === 'plan' && value === null
        ? 'missing-plan'
        : 'bad-attribute';
  return toDiagnosis(code, 'proven', [given], `Set ${attribute} to ${allowed}.`, copy);
}

/** The portal of a plain http address, by https: no page on https shows such a frame. `null` for any other address. */
function overHttps(address: string): string | null {
  const url = parseUrl(address);
  return url?.protocol === 'http:' && !isSafeUrl(url) ? url.origin.replace('http:', 'https:') : null;
}

/** Whether the same frame may well come up on another try, with nothing changed by anybody. */
export function isNetworkLike({ code }: Pick<Diagnosis, 'code'>): boolean {
  return code === 'offline' || code === 'unreachable' || code === 'stalled' || code === 'portal-error';
}

/**
 * What a proof means for the frame: it cannot come (`refused`), or it may well be working and only its words
 * do not reach this page (`unheard`). The second never takes the frame from the buyer.
 */
export function effectOnFrame({ code }: Pick<Diagnosis, 'code'>): 'refused' | 'unheard' {
  switch (code) {
    case 'working':
    case 'csp-script-src':
    case 'csp-connect-src':
    case 'trusted-types':
    case 'embed-script-failed':
    case 'embed-script-integrity':
      return 'unheard';
    default:
      return 'refused';
  }
}

/** What went before, for whoever doubts the finding. */
function circumstances(evidence: FrameEvidence): string[] {
  const { loaded, probe } = evidence;
  const deaf = proveDeaf(evidence);
  return [
    ...(loaded === undefined ? [] : [`The frame's load event has ${loaded ? '' : 'not '}come.`]),
    ...(probe === undefined
      ? []
      : isProbeBlocked(evidence)
        ? ['The policy of this page forbids to ask the portal itself (connect-src).']
        : [`A request to the portal from this page: ${probe}.`]),
    ...(deaf === null ? [] : [deaf[2]]),
  ];
}

function fromFinding([code, confidence, decisive, copy]: Finding, more: readonly string[]): Diagnosis {
  return toDiagnosis(code, confidence, [decisive, ...more], FIXES[code][1], copy);
}

function toDiagnosis(
  code: DiagnosisCode,
  confidence: Confidence,
  evidence: readonly string[],
  text: string,
  copy: string | undefined,
): Diagnosis {
  return { code, confidence, evidence, fix: { who: FIXES[code][0], text, ...(copy && { copy }) } };
}
