/** What is owed for an order: how often it runs, and what happens when it does not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idempotentEffect, transactionEffect, type EffectInput } from '../../src/fulfillment/index.js';
import { answerReview } from './kit/answer-review.js';
import { eventually, World, type Caller } from './kit/world.js';

const HOUR = 3600_000;

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

const buy = async (kit: Caller): Promise<void> => {
  await kit.start('order-1');
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
  await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
};
const end = async (kit: Caller): Promise<void> => {
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'ended', vendorStatus: 'cancelled' });
  await kit.deliver({ id: 'msg-end', subject: 'sub-1', reference: 'order-1' });
};
const effectOf = async (kit: Caller, kind = 'fulfill') =>
  (await kit.order('order-1')).effects.find((effect) => effect.kind === kind);
const insert = (input: EffectInput): [string, unknown[]] => [
  `INSERT INTO ${world.schema}.granted VALUES ($1, $2, 'fulfill')`,
  [input.order.ref, input.key],
];

describe('a transaction effect', () => {
  it('that fails leaves nothing of the merchant’s, and is run again', async () => {
    let failures = 2;
    const kit = await world.kit({
      effects: {
        fulfill: transactionEffect(async (input) => {
          await input.tx.query(...insert(input));
          if ((failures -= 1) >= 0) throw new Error('the shop broke after its SQL');
        }),
      },
    });
    await buy(kit);
    await kit.tick();
    expect(await world.granted()).toEqual([]);
    expect(await effectOf(kit)).toMatchObject({
      state: 'due',
      tries: 1,
      lastError: expect.stringContaining('broke') as string,
    });
    expect((await kit.order('order-1')).status).toBe('processing');
    for (let round = 0; round < 4; round += 1) {
      world.pass(HOUR);
      await kit.tick();
    }
    expect(await world.granted()).toHaveLength(1);
    expect(await effectOf(kit)).toMatchObject({ state: 'done', tries: 3, lastError: null });
  });

  it('that is interrupted before its mark leaves nothing', async () => {
    const kit = await world.kit();
    await buy(kit);
    // Both commit or none: the mark cannot be written, so the merchant's row must not stay.
    await world.pool.query(
      `CREATE FUNCTION ${world.schema}.crash() RETURNS trigger LANGUAGE plpgsql AS
         $$BEGIN RAISE EXCEPTION 'crash'; END$$;
       CREATE TRIGGER crash BEFORE UPDATE ON ${world.schema}.effects FOR EACH ROW
         WHEN (NEW.state = 'done') EXECUTE FUNCTION ${world.schema}.crash()`,
    );
    await kit.tick();
    expect(await world.granted()).toEqual([]);
    await world.pool.query(`DROP TRIGGER crash ON ${world.schema}.effects`);
    world.pass(HOUR);
    await kit.tick();
    expect(await world.granted()).toHaveLength(1);
  });

  it.each([
    'COMMIT',
    ' rollback',
    'BEGIN',
    'end;',
    'ABORT',
    'start transaction',
    '-- all is said\ncommit',
    '/* all is said */ ; COMMIT',
    'SELECT 1; commit',
    // As query builders give it to `pg`.
    { text: 'commit' } as unknown as string,
  ])('cannot end the transaction by %j', async (statement) => {
    const kit = await world.kit({
      effects: {
        fulfill: transactionEffect(async (input) => {
          await input.tx.query(...insert(input));
          await input.tx.query(statement);
        }),
      },
    });
    await buy(kit);
    await kit.tick();
    expect(await world.granted()).toEqual([]);
    expect((await effectOf(kit))?.lastError).toContain('must not begin, commit or roll back');
  });

  it('may use savepoints', async () => {
    const kit = await world.kit({
      effects: {
        fulfill: transactionEffect(async (input) => {
          await input.tx.query('SAVEPOINT before');
          await input.tx.query('SELECT 1 / 0').catch(() => undefined);
          await input.tx.query('ROLLBACK TO SAVEPOINT before');
          await input.tx.query(...insert(input));
        }),
      },
    });
    await buy(kit);
    await kit.tick();
    expect(await world.granted()).toHaveLength(1);
  });

  it('that swallows its own SQL error is not taken for done', async () => {
    const kit = await world.kit({
      effects: {
        fulfill: transactionEffect(async ({ tx }) => {
          await tx.query('SELECT 1 / 0').catch(() => undefined);
        }),
      },
    });
    await buy(kit);
    await kit.tick();
    expect(await effectOf(kit)).toMatchObject({ state: 'due' });
  });

  it('that hangs past its lease writes nothing, however it ends', async () => {
    const other = await world.kit();
    const kit = await world.kit({
      effects: {
        fulfill: transactionEffect(async (input) => {
          await input.tx.query(...insert(input));
          world.pass(31_000);
          await other.tick();
        }),
      },
    });
    await buy(kit);
    await kit.tick();
    expect(await world.granted()).toHaveLength(1);
    expect(await effectOf(kit)).toMatchObject({ state: 'done', tries: 2 });
  });

  it('has no use of its connection once it is over', async () => {
    let late: (() => Promise<unknown>) | null = null;
    const kit = await world.kit({
      effects: {
        fulfill: transactionEffect((input) => {
          late = () => input.tx.query(...insert(input));
          return Promise.resolve();
        }),
      },
    });
    await buy(kit);
    await kit.tick();
    await expect(late!()).rejects.toThrow(/is over/);
    expect(await world.granted()).toEqual([]);
  });

  it('that comes to its end after the subscription’s end was decided grants nothing', async () => {
    const other = await world.kit();
    const kit = await world.kit({
      effects: {
        fulfill: transactionEffect(async (input) => {
          await input.tx.query(...insert(input));
          await end(other);
          await other.tick();
        }),
      },
    });
    await buy(kit);
    await kit.tick();
    expect(await world.granted()).toEqual([]);
    expect(await effectOf(kit)).toMatchObject({ state: 'due', wanted: false });
    expect(await world.granted('revoke')).toEqual([]);
  });
});

describe('an idempotent effect', () => {
  it('is repeated with the same key until it returns', async () => {
    const keys: string[] = [];
    const kit = await world.kit({
      effects: {
        fulfill: idempotentEffect(({ key }) => {
          keys.push(key);
          return keys.length < 3 ? Promise.reject(new Error('no answer')) : Promise.resolve();
        }),
      },
    });
    await buy(kit);
    for (let round = 0; round < 5; round += 1) {
      await kit.tick();
      world.pass(HOUR);
    }
    expect(keys).toEqual(Array(3).fill('order-1:fulfill:'));
    expect((await kit.order('order-1')).status).toBe('fulfilled');
  });

  it('that comes to its end after another worker took over writes nothing', async () => {
    const runs: string[] = [];
    const other = await world.kit({
      effects: {
        fulfill: idempotentEffect(async () => {
          runs.push('second');
          await Promise.resolve();
        }),
      },
    });
    const kit = await world.kit({
      effects: {
        fulfill: idempotentEffect(async () => {
          runs.push('first');
          // Its lease ends while it hangs.
          world.pass(31_000);
          await other.tick();
          runs.push('first, late');
        }),
      },
    });
    await buy(kit);
    await kit.tick();
    expect(runs).toEqual(['first', 'second', 'first, late']);
    expect(world.logs.map(({ event }) => event)).toContain('effect.late');
    expect((await kit.order('order-1')).transitions.filter(({ to }) => to === 'fulfilled')).toHaveLength(1);
    expect(await effectOf(kit)).toMatchObject({ state: 'done', tries: 2 });
  });

  it.each(['ends', 'fails'])(
    'that %s while another worker holds it leaves that one its claim',
    async (how) => {
      const events: string[] = [];
      let takeOver!: () => void;
      const takenOver = new Promise<void>((resolve) => (takeOver = resolve));
      let finish!: () => void;
      const finished = new Promise<void>((resolve) => (finish = resolve));
      const other = await world.kit({
        effects: {
          fulfill: idempotentEffect(async () => {
            takeOver();
            await finished;
            events.push('second');
          }),
        },
      });
      let second = Promise.resolve();
      const kit = await world.kit({
        effects: {
          fulfill: idempotentEffect(async () => {
            world.pass(31_000);
            second = other.tick();
            await takenOver;
            if (how === 'fails') throw new Error('too late');
          }),
        },
      });
      await buy(kit);
      await kit.tick();
      expect((await kit.order('order-1')).status).toBe('processing');
      finish();
      await second;
      expect(events).toEqual(['second']);
      expect((await kit.order('order-1')).status).toBe('fulfilled');
      expect(await effectOf(kit)).toMatchObject({ tries: 2, lastError: null });
    },
  );

  it('that may have happened is taken back when the subscription ended before it said so', async () => {
    const kit = await world.kit({
      effects: {
        fulfill: idempotentEffect(() => Promise.reject(new Error('done, and the answer lost'))),
        revoke: transactionEffect(async ({ order, key, tx }) => {
          await tx.query(`INSERT INTO ${world.schema}.granted VALUES ($1, $2, 'revoke')`, [order.ref, key]);
        }),
      },
    });
    await buy(kit);
    await kit.tick();
    await end(kit);
    await kit.tick();
    expect(await world.granted('revoke')).toHaveLength(1);
    expect(await effectOf(kit)).toMatchObject({ state: 'due', wanted: false, begun: true });
  });

  it('is aborted when the kit closes, and not held against it', async () => {
    let running!: () => void;
    const isRunning = new Promise<void>((resolve) => (running = resolve));
    const kit = await world.kit({
      effects: {
        fulfill: idempotentEffect(
          ({ signal }) =>
            new Promise((_, reject) => {
              signal.addEventListener('abort', () => reject(new Error('aborted')));
              running();
            }),
        ),
      },
    });
    await buy(kit);
    const ticking = kit.tick();
    await isRunning;
    await kit.kit.close({ finishMs: 0 });
    await ticking;
    const reader = await world.kit();
    expect(await effectOf(reader)).toMatchObject({ state: 'due', tries: 0 });
    await reader.tick();
    expect(await effectOf(reader)).toMatchObject({ state: 'done' });
  });
});

describe('an effect whose tries ran out', () => {
  it('goes to review, once, and the merchant is told by both hooks', async () => {
    const kit = await world.kit({
      schedule: { effectMaxTries: 3 },
      effects: { fulfill: idempotentEffect(() => Promise.reject(new Error('never'))) },
    });
    await buy(kit);
    for (let round = 0; round < 8; round += 1) {
      await kit.tick();
      world.pass(HOUR);
    }
    expect(await effectOf(kit)).toMatchObject({ tries: 3, state: 'dead' });
    expect((await kit.order('order-1')).status).toBe('review');
    expect(world.deadLetters).toMatchObject([
      { orderRef: 'order-1', reason: 'effect_dead_letter', evidence: { effect: 'fulfill', tries: 3 } },
    ]);
    expect(world.reviews).toHaveLength(1);
  });

  it.each([
    ['accept', 'fulfilled', 3],
    ['done', 'fulfilled', 2],
    ['reject', 'failed', 2],
  ] as const)('and that a person answers with %s is %s', async (answer, status, triesInAll) => {
    let tries = 0;
    const kit = await world.kit({
      schedule: { effectMaxTries: 2 },
      effects: {
        fulfill: idempotentEffect(() => {
          tries += 1;
          return tries <= 2 ? Promise.reject(new Error('down')) : Promise.resolve();
        }),
      },
    });
    await buy(kit);
    for (let round = 0; round < 3; round += 1) {
      await kit.tick();
      world.pass(HOUR);
    }
    await answerReview(world, 'order-1', 'effect_dead_letter:fulfill::2', answer);
    await kit.tick();
    expect(tries).toBe(triesInAll);
    expect((await kit.order('order-1')).status).toBe(status);
    expect((await effectOf(kit))?.state).toBe(answer === 'reject' ? 'dead' : 'done');
  });

  it('counts the tries of workers that died on it', async () => {
    const kit = await world.kit({ schedule: { effectMaxTries: 2 } });
    await buy(kit);
    // Two workers that claim it and are never heard of again.
    for (let worker = 1; worker <= 2; worker += 1) {
      const dying = await world.kit({
        schedule: { effectMaxTries: 2 },
        effects: { fulfill: idempotentEffect(() => new Promise(() => undefined)) },
      });
      void dying.tick();
      // Begun as well: a claim passes over a row that the transaction of the beginning still holds.
      await eventually(async () => {
        const effect = await effectOf(kit);
        return effect?.tries === worker && effect.begun;
      });
      world.pass(31_000);
    }
    await kit.tick();
    expect(await effectOf(kit)).toMatchObject({ state: 'dead', tries: 3 });
    expect(await world.granted()).toEqual([]);
  });

  it('is told again when a hook throws', async () => {
    let calls = 0;
    const kit = await world.kit({
      onReview: () => {
        calls += 1;
        if (calls === 1) throw new Error('mail is down');
      },
    });
    await kit.deliver({ id: 'msg-1', as: 'unreadable' });
    await kit.tick();
    expect(calls).toBe(1);
    world.pass(HOUR);
    await kit.tick();
    world.pass(HOUR);
    await kit.tick();
    expect(calls).toBe(2);
  });
});

describe('effects of one order', () => {
  it('run once, however many kits work on the database', async () => {
    const kits = await Promise.all([1, 2, 3, 4].map(() => world.kit()));
    for (let order = 0; order < 10; order += 1) {
      await kits[0]!.start(`order-${order}`);
      world.vendor.sells({ subject: `sub-${order}`, reference: `order-${order}` });
      await kits[order % 4]!.deliver({
        id: `msg-${order}`,
        subject: `sub-${order}`,
        reference: `order-${order}`,
      });
    }
    await Promise.all(kits.map((kit) => kit.tick()));
    await Promise.all(kits.map((kit) => kit.tick()));
    expect((await world.granted()).map(({ order_ref }) => order_ref)).toEqual(
      Array.from({ length: 10 }, (_, order) => `order-${order}`),
    );
  });

  it('do not overtake each other: a revocation waits for the grant in flight', async () => {
    const events: string[] = [];
    const record = (what: string) => (): Promise<void> => {
      events.push(what);
      return Promise.resolve();
    };
    const other = await world.kit({
      effects: {
        fulfill: idempotentEffect(record('fulfill again')),
        revoke: idempotentEffect(record('revoke')),
      },
    });
    const kit = await world.kit({
      effects: {
        fulfill: idempotentEffect(async () => {
          events.push('fulfill begins');
          await end(other);
          await other.tick();
          events.push('fulfill ends');
        }),
        revoke: idempotentEffect(record('revoke')),
      },
    });
    await buy(kit);
    await kit.tick();
    await kit.tick();
    expect(events).toEqual(['fulfill begins', 'fulfill ends', 'revoke']);
    expect((await kit.order('order-1')).status).toBe('ended');
  });

  it('that the host did not configure stay owed and visible', async () => {
    const kit = await world.kit({ effects: { fulfill: transactionEffect(() => Promise.resolve()) } });
    await buy(kit);
    await kit.tick();
    await end(kit);
    await kit.tick();
    expect(await effectOf(kit, 'revoke')).toMatchObject({ state: 'due', wanted: true, tries: 0 });
  });
});
