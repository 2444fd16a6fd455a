/** What nobody could read in the vendors' documentation, each answer by one click. It stands in the page's address. */
import { html, type TemplateResult } from 'lit';
import type { LedyerAssumptionName, SiglumeAssumptionName } from 'checkout-embed/testing';
import { keptQuery, type ShopVendor } from '../settings.js';

/** In words, and every answer; the first is the contract's. */
type Assumed<Name extends string> = Readonly<
  Record<Name, readonly [label: string, ...answers: readonly string[]]>
>;

const SIGLUME: Assumed<SiglumeAssumptionName> = {
  repeatedNonce: ['A nonce that comes again gives', 'same-session', 'new-session'],
  eventHeaders: ['Event id and type as headers', 'true', 'false'],
  apiVersion: ['Events call their version', '2026-06-20', '2026-06-11'],
  eventExtras: ['Idempotency key and trace in events', 'true', 'false'],
  payAfterExpiry: ['Paying after the session’s end', 'after-sign-in', 'never'],
  successQuery: ['session_id on the way back', 'true', 'false'],
  spentEvent: ['“spent” follows “confirmed”', 'true', 'false'],
  rotation: ['A rotated secret takes over', 'immediate', 'overlap'],
  confirmDelay: ['The wallet takes', 'none', '30s'],
  beforeSettled: ['Until then a reading says', 'pending_payment', 'provisional'],
  missingRequirements: ['What is missing for live stands', 'in-details', 'in-error'],
  challengeHash: ['The challenge hash', 'formula', 'opaque'],
  errorEnvelope: ['Error answers', 'full', 'bare'],
  usageNamesRequirement: ['Statements name the payment', 'true', 'false'],
};

const LEDYER: Assumed<LedyerAssumptionName> = {
  bodyShape: ['Body of a notification', 'flat', 'nested'],
  deliveryHeaders: ['Headers of its sender', 'none', 'svix'],
  stopsOn: ['Retries stop on', '200', '2xx'],
  jitter: ['Waits vary at random', 'false', 'true'],
  disablesFailingEndpoint: ['Failing endpoints are switched off', 'false', 'true'],
  statusCall: ['Forms of the status call', 'both', 'path', 'query'],
  unknownIdStatus: ['Status of an unknown id', 'not-found', 'unknown'],
  endedSessionStatus: ['Status of an ended session', 'orderCancelled', 'unknown'],
  partlyCapturedStatus: ['Partly captured', 'paymentConfirmed', 'orderCaptured'],
  partlyRefundedStatus: ['Partly refunded', 'orderCaptured', 'orderRefunded'],
  restCancelledStatus: ['Rest cancelled', 'orderCaptured', 'orderCancelled'],
  expiryNotifies: ['An expiry is notified', 'false', 'true'],
  initialSessionState: ['A new session is', 'created', 'initiated'],
  errorShape: ['Error answers', 'errors', 'message', 'text'],
  secondAcknowledge: ['A second acknowledge is', 'accepted', 'refused'],
  acknowledgeNotifies: ['An acknowledge is notified', 'false', 'true'],
  bodyReference: ['“reference” in a body', 'merchant-or-random', 'order-id'],
  keyWithOtherBody: ['A key with another body is', 'refused', 'first-answer'],
  readLagSeconds: ['Reads lag behind, in seconds', '0', '5', '60'],
  declineNotifies: ['A decline is notified', 'false', 'true'],
  firstEvent: ['First notification', 'create', 'ready_for_capture'],
  sessionCall: ['The session call takes', 'both', 'session-id'],
  minorUnits: ['Amounts carry minorUnits', 'true', 'false'],
};

const ASSUMED = { siglume: SIGLUME, ledyer: LEDYER } as const satisfies Partial<
  Record<ShopVendor, Assumed<string>>
>;

/** Of one vendor. Each answer is a link to the page as it is, under that answer. */
export function assumptionsView(vendor: keyof typeof ASSUMED, name: string): TemplateResult {
  const query = new URLSearchParams(location.search);
  const isChanged = (id: string): boolean =>
    query.getAll('assume').some((pair) => pair.startsWith(`${vendor}.${id}:`));
  const all = Object.entries<readonly [string, ...string[]]>(ASSUMED[vendor]);
  const changed = all.filter(([id]) => isChanged(id)).length;
  return html`<details class="qa-part" data-assumed=${vendor} ?open=${changed > 0}>
    <summary>${name} is taken to <span>${changed} of ${all.length} changed</span></summary>
    <dl class="qa-assumed">
      ${all.map(
        ([id, [label, ...answers]]) =>
          html`<div>
            <dt>${label}</dt>
            <dd>
              ${answers.map((answer, index) => {
                const address = assuming(query, `${vendor}.${id}`, index === 0 ? null : answer);
                const isChosen = isAssumed(query, `${vendor}.${id}`, index === 0 ? null : answer);
                return html`<a
                  class="qa-answer"
                  data-answer="${vendor}.${id}:${answer}"
                  href=${address}
                  aria-current=${isChosen ? 'true' : 'false'}
                  >${inWords(answer)}</a
                >`;
              })}
            </dd>
          </div>`,
      )}
    </dl>
  </details>`;
}

/** The tab's address with this answer to that question; the contract's own is not named. */
function assuming(query: URLSearchParams, id: string | null, answer: string | null): string {
  const next = new URLSearchParams(keptQuery(query));
  const others = next.getAll('assume').filter((pair) => id === null || !pair.startsWith(`${id}:`));
  next.delete('assume');
  next.delete('way');
  for (const pair of others) next.append('assume', pair);
  if (id !== null && answer !== null) next.append('assume', `${id}:${answer}`);
  return `/?${next.toString()}`;
}

function isAssumed(query: URLSearchParams, id: string, answer: string | null): boolean {
  const given = query.getAll('assume').find((pair) => pair.startsWith(`${id}:`));
  return given === (answer === null ? undefined : `${id}:${answer}`);
}

function inWords(value: string): string {
  return value === 'true' ? 'yes' : value === 'false' ? 'no' : value;
}
