/** What stands in an option or beside a command, as what it means. Each throws a `CommandError` with the fix. */
import { userInfo } from 'node:os';
import type { EffectKind, OrderSettlement } from '../fulfillment/index.js';
import { SETTLEMENTS } from '../fulfillment/order-settlement.js';
import type { Flags } from './command.js';
import { CommandError } from './failure.js';

/** Longest list. */
const MAX_LIMIT = 500;
/** Longest name that the kit keeps, in UTF-16 units. */
const MAX_NAME_LENGTH = 200;

export function readLimit({ limit }: Flags): { readonly limit?: number } {
  if (limit === undefined) return {};
  const number = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (number < 1 || number > MAX_LIMIT) {
    throw new CommandError(
      'invalid-argument',
      `--limit ${JSON.stringify(limit)} is no number from 1 to ${MAX_LIMIT}.`,
      'Write for example --limit=100.',
    );
  }
  return { limit: number };
}

export function readSettlement({ settlement }: Flags): { readonly settlement?: OrderSettlement } {
  if (settlement === undefined) return {};
  const found = SETTLEMENTS.find((word) => word === settlement);
  if (found !== undefined) return { settlement: found };
  throw new CommandError(
    'invalid-argument',
    `--settlement ${JSON.stringify(settlement)} is no word for how money stands.`,
    `Write one of ${SETTLEMENTS.join(', ')}.`,
  );
}

export function readKind({ kind }: Flags): { readonly kind?: EffectKind } {
  if (kind === undefined) return {};
  if (kind === 'fulfill' || kind === 'revoke' || kind === 'acknowledge') return { kind };
  throw new CommandError(
    'invalid-argument',
    `--kind ${JSON.stringify(kind)} is no effect.`,
    'Write --kind=fulfill, --kind=revoke or --kind=acknowledge.',
  );
}

/** Who answers, for the record. */
export function readBy({ by }: Flags): string {
  if (by !== undefined && by.trim() !== '' && by.length <= MAX_NAME_LENGTH) return by;
  if (by !== undefined) {
    throw new CommandError(
      'invalid-argument',
      '--by names nobody, or is too long.',
      `Write a name of 1 to ${MAX_NAME_LENGTH} characters.`,
    );
  }
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number without a name.
    throw new CommandError(
      'missing-argument',
      'Who answers? This system has no name for its user.',
      'Write --by=<name>.',
    );
  }
}
