/** How far the order is between a grant and its revocation, and which effects that asks for. Pure. */
import { gateOf, readResolutions, type EffectHistory, type EffectMark, type Gate } from './order-effects.js';
import type { FactSet, WantedEffect, WantedReview } from './order-facts.js';
import { paymentEvidence } from './order-payments.js';
import type { Subject } from './order-subjects.js';
import type { EffectEvidence, EffectKind } from './ports.js';

export interface Turn {
  /**
   * `owed`: to be run. `in-review`: a person must decide first. `refused`: one decided against it.
   * `unwanted`: nothing grants, or what was granted is being taken back.
   */
  readonly fulfill: Gate | 'done' | 'unwanted';
  /** The grant is being taken back, or may have been already. */
  readonly revoking: boolean;
  /** A grant was made, in this turn or in one before. */
  readonly granted: boolean;
  /** Of all turns: owed now, or ever done. */
  readonly effects: readonly WantedEffect[];
  readonly reviews: readonly WantedReview[];
}

export function readTurn(facts: FactSet, history: EffectHistory, subjects: readonly Subject[]): Turn {
  const { done, begun, reviews } = history;
  const epoch = currentEpoch(done);
  const isOf = (effect: EffectKind) => (mark: EffectMark) => mark.effect === effect && mark.epoch === epoch;

  const granting = subjects.filter(({ standing }) => standing === 'granted');
  const carriers = subjects.filter(({ carried }) => carried);
  const over = carriers.length > 0 && carriers.every(({ standing }) => standing === 'ended');
  const grant = done.find(isOf('fulfill')) ?? begun.find(isOf('fulfill'));
  const resolutions = readResolutions(facts);
  const gate = (effect: EffectKind, before: readonly WantedReview[] = []): Gate =>
    gateOf([...before, ...reviews.filter(({ mark }) => isOf(effect)(mark))], resolutions);
  // A revocation that has begun may have happened: it is finished first, and what grants again waits a turn.
  const hasBegunRevoking = begun.some(isOf('revoke')) && gate('revoke') !== 'refused';
  const revoking = hasBegunRevoking || (grant !== undefined && over);

  const regrants = epoch === '' ? [] : granting.slice(0, 1).map((subject) => regrantReview(epoch, subject));
  const fulfill = done.some(isOf('fulfill'))
    ? 'done'
    : granting.length === 0 || revoking
      ? 'unwanted'
      : gate('fulfill', regrants);

  const evidenceOf = (id: string | undefined, otherwise: Subject | undefined): EffectEvidence =>
    readEvidence(subjects.find((subject) => subject.id === id) ?? otherwise);
  const effects: WantedEffect[] = done.map(({ effect, epoch, subject }) => ({
    kind: effect,
    epoch,
    done: true,
    evidence: evidenceOf(subject, carriers[0]),
  }));
  const owe = (kind: EffectKind, otherwise: Subject | undefined): void => {
    effects.push({ kind, epoch, done: false, evidence: evidenceOf(grant?.subject, otherwise) });
  };
  if (fulfill === 'owed') owe('fulfill', granting[0]);
  if (revoking && gate('revoke') === 'owed') owe('revoke', carriers[0]);
  return {
    fulfill,
    revoking,
    granted: done.some(({ effect }) => effect === 'fulfill'),
    effects,
    reviews: [...regrants, ...reviews.map(({ key, reason, evidence }) => ({ key, reason, evidence }))],
  };
}

/** The first turn whose revocation is not done: `''`, then `'1'`, `'2'`. */
function currentEpoch(done: readonly EffectMark[]): string {
  const revoked = new Set(done.filter(({ effect }) => effect === 'revoke').map(({ epoch }) => epoch));
  let turn = 0;
  while (revoked.has(epochOf(turn))) turn += 1;
  return epochOf(turn);
}

function epochOf(turn: number): string {
  return turn === 0 ? '' : String(turn);
}

/** What was taken back is given again only when a person says so: goods may have been sent the first time. */
function regrantReview(epoch: string, subject: Subject): WantedReview {
  return {
    key: `granted_after_revoke:${epoch}`,
    reason: 'granted_after_revoke',
    evidence: { subscriptionId: subject.id, vendorStatus: subject.latest?.vendorStatus ?? null },
  };
}

function readEvidence(subject: Subject | undefined): EffectEvidence {
  const latest = subject?.latest;
  if (latest === undefined || latest === null) return {};
  if (subject?.payment !== null && subject?.payment !== undefined) return paymentEvidence(subject.payment);
  return {
    subscriptionId: latest.subject,
    vendorStatus: latest.vendorStatus,
    ...(latest.customerId === null ? {} : { customerId: latest.customerId }),
    ...(latest.planId === null ? {} : { planId: latest.planId }),
  };
}
