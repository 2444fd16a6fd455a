/**
 * Waits for all of a round, also where some of it fails: a round that is given up half way would go on unwatched
 * beside the next one.
 * @throws the first failure, once everything has ended.
 */
export async function settleAll(round: readonly Promise<unknown>[]): Promise<void> {
  const ended = await Promise.allSettled(round);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
