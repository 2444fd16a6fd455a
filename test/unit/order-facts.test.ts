import { describe, expect, it } from 'vitest';
import type { Fact, OrderDecision } from '../../src/fulfillment/order-facts.js';
import { answersTo, type Resolution } from '../../src/fulfillment/review-answers.js';
import {
  announced,
  begun,
  deadLetter,
  decide,
  done,
  expected,
  kinds,
  notDone,
  observed,
  outcomeUnknown,
  resolved,
} from '../support/order-facts.js';

describe('decideOrder', () => {
  describe('tells the buyer', () => {
    it.each<[string, readonly Fact[], OrderDecision['status']]>([
      ['open, while nothing is known', [], 'open'],
      ['open, after the attempt was made', [expected()], 'open'],
      ['pending, when a delivery announced a subscription', [expected(), announced('sub-a')], 'pending'],
      ['pending, when it awaits its payment', [expected(), observed(1, 'awaiting')], 'pending'],
      [
        'pending, when it was paused before it was ever granted',
        [expected(), observed(1, 'paused')],
        'pending',
      ],
      ['processing, while the grant is owed', [expected(), observed(1, 'granted')], 'processing'],
      [
        'processing, when the grant has begun',
        [expected(), observed(1, 'granted'), begun('fulfill')],
        'processing',
      ],
      [
        'fulfilled, once the effect is done',
        [expected(), observed(1, 'granted'), done('fulfill')],
        'fulfilled',
      ],
      ['failed, when it ended before it was ever granted', [expected(), observed(1, 'ended')], 'failed'],
      [
        'ended, when it was granted and ended',
        [expected(), observed(1, 'granted'), observed(2, 'ended')],
        'ended',
      ],
      [
        'ended, when it was fulfilled and ended',
        [expected(), observed(1, 'granted'), done('fulfill'), observed(2, 'ended')],
        'ended',
      ],
      ['expired, when the vendor had nothing to the end', [expected(), { kind: 'expired' }], 'expired'],
      [
        'processing, when money comes after the order expired',
        [expected(), { kind: 'expired' }, observed(1, 'granted')],
        'processing',
      ],
    ])('%s', (_, facts, status) => {
      expect(decide(facts).status).toBe(status);
    });
  });

  describe('grants', () => {
    it('once the vendor shows access, with what the vendor said as evidence', () => {
      expect(decide([expected(), announced('sub-a'), observed(1, 'granted')])).toMatchObject({
        effects: [
          {
            kind: 'fulfill',
            epoch: '',
            evidence: {
              subscriptionId: 'sub-a',
              planId: 'plan-1',
              customerId: 'customer-1',
              vendorStatus: 'granted',
            },
          },
        ],
        reviews: [],
      });
    });

    it('nothing on an announcement alone', () => {
      expect(decide([expected(), announced('sub-a', 'subscription.started')]).effects).toEqual([]);
    });

    it('nothing when the end came before the start', () => {
      const decision = decide([
        expected(),
        announced('sub-a', 'subscription.churned'),
        announced('sub-a', 'subscription.started'),
        observed(1, 'ended'),
      ]);
      expect(decision).toEqual({ status: 'failed', effects: [], reviews: [], settlement: null });
    });

    it('nothing when the end was read before the grant was made', () => {
      expect(decide([expected(), observed(1, 'granted'), observed(2, 'ended')]).effects).toEqual([]);
    });

    it('by the highest generation of a subscription, not by the last to arrive', () => {
      expect(kinds(decide([expected(), observed(2, 'granted'), observed(1, 'ended')]))).toEqual(['fulfill']);
      expect(kinds(decide([expected(), observed(10, 'ended'), observed(9, 'granted')]))).toEqual([]);
    });

    it('nothing before an attempt of ours is known, and says so with no review', () => {
      const decision = decide([announced('sub-a'), observed(1, 'granted')]);
      expect(decision).toEqual({ status: 'pending', effects: [], reviews: [], settlement: null });
    });
  });

  describe('after the grant', () => {
    const granted = [expected(), observed(1, 'granted'), done('fulfill')];

    it.each(['paused', 'awaiting', 'unknown'] as const)('keeps it while the subscription is %s', (access) => {
      const decision = decide([...granted, observed(2, access)]);
      expect(decision.status).toBe('fulfilled');
      expect(kinds(decision)).toEqual(['fulfill']);
    });

    it('does not grant again when a pause is over', () => {
      expect(kinds(decide([...granted, observed(2, 'paused'), observed(3, 'granted')]))).toEqual(['fulfill']);
    });

    it('takes it back when the subscription ended, naming the one that was granted', () => {
      const two = [
        expected(),
        observed(1, 'granted', { subject: 'sub-b' }),
        done('fulfill', 'sub-b'),
        observed(1, 'granted', { subject: 'sub-a' }),
        observed(2, 'ended', { subject: 'sub-a' }),
        observed(2, 'ended', { subject: 'sub-b' }),
      ];
      expect(decide(two)).toMatchObject({
        status: 'ended',
        effects: [{ kind: 'fulfill' }, { kind: 'revoke', epoch: '', evidence: { subscriptionId: 'sub-b' } }],
      });
    });

    it('takes back what may have been granted: the effect had begun and never said how it ended', () => {
      const decision = decide([expected(), observed(1, 'granted'), begun('fulfill'), observed(2, 'ended')]);
      expect(decision.status).toBe('ended');
      expect(kinds(decision)).toEqual(['revoke']);
    });

    it('finishes a revocation that has begun, even when access is back', () => {
      const decision = decide([...granted, observed(2, 'ended'), begun('revoke'), observed(3, 'granted')]);
      expect(kinds(decision)).toEqual(['fulfill', 'revoke']);
    });

    it('forgets a revocation that has not begun when access is back', () => {
      const decision = decide([...granted, observed(2, 'ended'), observed(3, 'granted')]);
      expect(decision.status).toBe('fulfilled');
      expect(kinds(decision)).toEqual(['fulfill']);
    });

    it('stops taking back what failed too often until a person says how to go on', () => {
      const dead = [...granted, observed(2, 'ended'), begun('revoke'), deadLetter(25, 'revoke')];
      const key = 'effect_dead_letter:revoke::25';
      expect(decide(dead)).toMatchObject({ status: 'ended', reviews: [{ key }] });
      expect(kinds(decide(dead))).toEqual(['fulfill']);
      expect(kinds(decide([...dead, resolved(key, 'accept')]))).toEqual(['fulfill', 'revoke']);

      const givenUp = [...dead, resolved(key, 'reject')];
      expect(kinds(decide(givenUp))).toEqual(['fulfill']);
      expect(decide([...givenUp, observed(3, 'granted')]).status).toBe('fulfilled');
    });

    it('gives back what it took only when a person allows it, as a second turn', () => {
      const back = [...granted, observed(2, 'ended'), done('revoke'), observed(3, 'granted')];
      const review = 'granted_after_revoke:1';
      expect(decide(back)).toMatchObject({ status: 'review', reviews: [{ key: review }] });
      expect(kinds(decide(back))).toEqual(['fulfill', 'revoke']);
      expect(decide([...back, resolved(review, 'reject')]).status).toBe('ended');

      const allowed = [...back, resolved(review, 'accept')];
      expect(decide(allowed).status).toBe('processing');
      expect(decide(allowed).effects.at(-1)).toMatchObject({ kind: 'fulfill', epoch: '1' });
      const again = [...allowed, done('fulfill', undefined, '1')];
      expect(decide(again).status).toBe('fulfilled');
      expect(decide([...again, observed(4, 'ended')]).effects.at(-1)).toMatchObject({
        kind: 'revoke',
        epoch: '1',
      });
    });

    it('leaves a change of plan to the life of the subscription', () => {
      const decision = decide([...granted, observed(2, 'granted', { planId: 'plan-2' })]);
      expect(decision).toMatchObject({ status: 'fulfilled', reviews: [] });
    });
  });

  describe('asks a person', () => {
    const mismatch = 'plan_mismatch:sub-a:plan-1:plan-2';
    const wrongPlan = [expected(), observed(1, 'granted', { planId: 'plan-2' })];

    it.each<[string, readonly Fact[], string]>([
      ['about another plan than the order names', wrongPlan, mismatch],
      [
        'about a plan the vendor does not name',
        [expected(), observed(1, 'granted', { planId: null })],
        'plan_mismatch:sub-a:plan-1:',
      ],
      [
        'about a status it was never told of',
        [expected(), observed(1, 'unknown')],
        'unknown_vendor_status:sub-a:unknown',
      ],
      [
        'about a subscription under another reference',
        [expected(), observed(1, 'granted', { reference: 'order-2' })],
        'reference_mismatch:sub-a:order-2',
      ],
      [
        'about a subscription that lost its reference',
        [expected(), observed(1, 'granted', { reference: null })],
        'reference_mismatch:sub-a:',
      ],
      [
        'about a reference nobody here issued',
        [{ kind: 'unissued' }, observed(1, 'granted')],
        'unknown_reference',
      ],
      [
        'about a grant whose tries ran out',
        [expected(), observed(1, 'granted'), begun('fulfill'), deadLetter(25)],
        'effect_dead_letter:fulfill::25',
      ],
    ])('%s, and grants only when the answer is accept', (_, facts, key) => {
      const open = decide(facts);
      expect(open.status).toBe('review');
      expect(open.reviews.map((review) => review.key)).toEqual([key]);
      expect(kinds(open)).toEqual([]);

      const accepted = decide([...facts, resolved(key, 'accept')]);
      expect(accepted.status).toBe('processing');
      expect(kinds(accepted)).toEqual(['fulfill']);

      const rejected = decide([...facts, resolved(key, 'reject')]);
      expect(rejected.status).toBe('failed');
      expect(kinds(rejected)).toEqual([]);
    });

    it('about the plan of the latest attempt', () => {
      const later = expected({ attemptId: 'attempt-0', at: '2026-06-01T13:00:00.000Z', planId: 'plan-2' });
      expect(decide([...wrongPlan, later]).status).toBe('processing');
      expect(decide([expected(), later, observed(1, 'granted')]).status).toBe('review');
    });

    it('nothing where no plan was named', () => {
      expect(
        decide([expected({ planId: null }), observed(1, 'granted', { planId: 'plan-9' })]).reviews,
      ).toEqual([]);
    });

    it('again when the plan is not the one that was accepted', () => {
      const decision = decide([
        ...wrongPlan,
        resolved(mismatch, 'accept'),
        observed(2, 'granted', { planId: 'plan-3' }),
      ]);
      expect(decision.status).toBe('review');
      expect(decision.reviews.map(({ key }) => key)).toEqual(['plan_mismatch:sub-a:plan-1:plan-3']);
    });

    it('revokes what was granted upon an accepted review', () => {
      const facts = [
        ...wrongPlan,
        resolved(mismatch, 'accept'),
        done('fulfill', 'sub-a'),
        observed(2, 'ended', { planId: 'plan-2' }),
      ];
      expect(kinds(decide(facts))).toEqual(['fulfill', 'revoke']);
    });

    it('about a second payment, while the first stays fulfilled', () => {
      const facts = [
        expected(),
        observed(1, 'granted'),
        done('fulfill', 'sub-a'),
        observed(1, 'granted', { subject: 'sub-b' }),
      ];
      expect(decide(facts)).toMatchObject({
        status: 'fulfilled',
        effects: [{ kind: 'fulfill', evidence: { subscriptionId: 'sub-a' } }],
        reviews: [
          {
            key: 'second_payment:2',
            reason: 'second_payment',
            evidence: { subscriptions: 2, subscriptionIds: 'sub-a sub-b' },
          },
        ],
      });
    });

    it('keeps the grant while one of two subscriptions stands, and takes it back with the last', () => {
      const first = [
        expected(),
        observed(1, 'granted'),
        observed(1, 'granted', { subject: 'sub-b' }),
        done('fulfill', 'sub-a'),
        observed(2, 'ended'),
      ];
      expect(decide(first).status).toBe('fulfilled');
      const last = decide([...first, observed(2, 'ended', { subject: 'sub-b' })]);
      expect(last.status).toBe('ended');
      expect(last.effects.at(-1)).toMatchObject({ kind: 'revoke', evidence: { subscriptionId: 'sub-a' } });
    });

    it('does not let a subscription to another plan keep a grant alive', () => {
      const decision = decide([
        expected(),
        observed(1, 'granted'),
        done('fulfill', 'sub-a'),
        observed(1, 'granted', { subject: 'sub-b', planId: 'plan-2' }),
        observed(2, 'ended'),
      ]);
      expect(kinds(decision)).toEqual(['fulfill', 'revoke']);
      expect(decision.status).toBe('review');
    });
  });

  describe('for a subscription without a reference', () => {
    const own = { reference: null };

    it('fulfills it under its own id where the merchant chose so', () => {
      const decision = decide([observed(1, 'granted', own)], { ref: 'sub-a', unreferenced: 'fulfill' });
      expect(decision.status).toBe('processing');
      expect(kinds(decision)).toEqual(['fulfill']);
    });

    it('asks a person first where the merchant chose so', () => {
      const view = { ref: 'sub-a', unreferenced: 'review' } as const;
      const facts = [observed(1, 'granted', own)];
      expect(decide(facts, view)).toMatchObject({
        status: 'review',
        effects: [],
        reviews: [{ key: 'unreferenced' }],
      });
      expect(decide([...facts, resolved('unreferenced', 'accept')], view).status).toBe('processing');
    });

    it('asks a person when it turns out to have one', () => {
      const decision = decide([observed(1, 'granted')], { ref: 'sub-a', unreferenced: 'fulfill' });
      expect(decision.reviews.map(({ reason }) => reason)).toEqual(['reference_mismatch']);
    });
  });

  describe('about an effect of which nobody knows how it ended', () => {
    const key = 'effect_outcome_unknown:fulfill::2';
    const lost = [expected(), observed(1, 'granted'), begun('fulfill'), outcomeUnknown(2)];
    const ended = observed(2, 'ended');

    it('asks a person, tells the buyer nothing of a grant, and runs nothing', () => {
      expect(decide(lost)).toMatchObject({
        status: 'review',
        effects: [],
        reviews: [
          {
            key,
            reason: 'effect_outcome_unknown',
            evidence: { effect: 'fulfill', epoch: '', run: 2, why: 'worker-lost' },
          },
        ],
      });
    });

    it.each<[Resolution, OrderDecision['status'], readonly boolean[]]>([
      ['done', 'fulfilled', [true]],
      ['not-done', 'processing', [false]],
      ['reject', 'failed', []],
      ['accept', 'review', []],
    ])('answered %s, is %s', (answer, status, effects) => {
      const decision = decide([...lost, resolved(key, answer)]);
      expect(decision.status).toBe(status);
      expect(decision.effects.map(({ done }) => done)).toEqual(effects);
    });

    it('takes back what may have happened when the subscription ends, whatever was answered but `not-done`', () => {
      expect(kinds(decide([...lost, ended]))).toEqual(['revoke']);
      expect(kinds(decide([...lost, ended, resolved(key, 'reject')]))).toEqual(['revoke']);
      expect(kinds(decide([...lost, ended, resolved(key, 'done')]))).toEqual(['fulfill', 'revoke']);
      expect(kinds(decide([...lost, ended, resolved(key, 'not-done')]))).toEqual([]);
    });

    it('asks again about a later run', () => {
      const again = [...lost, resolved(key, 'not-done'), begun('fulfill', '', 3), outcomeUnknown(3)];
      expect(decide(again)).toMatchObject({ status: 'review', effects: [] });
      expect(kinds(decide([...again, ended]))).toEqual(['revoke']);
      expect(decide([...again, resolved('effect_outcome_unknown:fulfill::3', 'done')]).status).toBe(
        'fulfilled',
      );
    });

    it('keeps what was granted while the outcome of its revocation is not known', () => {
      const revoking = [
        expected(),
        observed(1, 'granted'),
        done('fulfill'),
        ended,
        begun('revoke'),
        outcomeUnknown(1, 'revoke'),
      ];
      const answer = (resolution: Resolution): Fact =>
        resolved('effect_outcome_unknown:revoke::1', resolution);
      expect(decide(revoking).status).toBe('ended');
      expect(kinds(decide(revoking))).toEqual(['fulfill']);
      expect(kinds(decide([...revoking, answer('not-done')]))).toEqual(['fulfill', 'revoke']);
      expect(decide([...revoking, answer('done')]).effects).toMatchObject([
        { kind: 'fulfill', done: true },
        { kind: 'revoke', done: true },
      ]);
      // Access is back: what was not taken stays, what may have been taken does not count as there.
      expect(decide([...revoking, answer('not-done'), observed(3, 'granted')]).status).toBe('fulfilled');
      expect(decide([...revoking, observed(3, 'granted')]).status).toBe('ended');
    });
  });

  it('takes nothing back of which every run said that nothing happened', () => {
    const failed = [expected(), observed(1, 'granted'), begun('fulfill'), notDone(1)];
    expect(decide(failed)).toMatchObject({
      status: 'processing',
      effects: [{ kind: 'fulfill', done: false }],
    });
    expect(kinds(decide([...failed, observed(2, 'ended')]))).toEqual([]);
    expect(kinds(decide([...failed, begun('fulfill', '', 2), observed(2, 'ended')]))).toEqual(['revoke']);
  });

  it('counts a dead letter as done when a person did it by hand, and takes it back as any other', () => {
    const byHand = [
      expected(),
      observed(1, 'granted'),
      deadLetter(20),
      resolved('effect_dead_letter:fulfill::20', 'done'),
    ];
    expect(decide(byHand)).toMatchObject({ status: 'fulfilled', effects: [{ kind: 'fulfill', done: true }] });
    expect(kinds(decide([...byHand, observed(2, 'ended')]))).toEqual(['fulfill', 'revoke']);
  });

  it('takes an answer that does not fit its question for none', () => {
    const mismatch = [expected(), observed(1, 'granted', { planId: 'plan-2' })];
    for (const answer of ['done', 'not-done'] as const) {
      const decision = decide([...mismatch, resolved('plan_mismatch:sub-a:plan-1:plan-2', answer)]);
      expect(decision).toMatchObject({ status: 'review', effects: [] });
    }
    expect(answersTo('plan_mismatch')).toEqual(['accept', 'reject']);
    expect(answersTo('effect_dead_letter')).toEqual(['accept', 'done', 'reject']);
    expect(answersTo('effect_outcome_unknown')).not.toContain('accept');
  });
});
