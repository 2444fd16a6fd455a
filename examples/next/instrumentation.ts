/** Next.js calls this once in each process, before its first request. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { kit } = await import('../shop.js');
  // Where processes live on, leave the option out: the work is then done at once, without a cron.
  await kit.start({ background: false });
}
