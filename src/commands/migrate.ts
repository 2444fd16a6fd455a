import type { Command } from './command.js';

export const migrate: Command = {
  name: 'migrate',
  summary: 'Bring the kit’s tables to the version of this package',
  positionals: [],
  options: ['check'],
  needs: 'database',
  details: () =>
    'All of it is done or nothing, and safely from many machines at once. kit.start() does the same; run it here\n' +
    'when the user of your servers may not create tables.',
  examples: [
    'npx checkout-embed migrate',
    'npx checkout-embed migrate --check   # in a pipeline, before the deploy',
  ],
  read:
    ({ flags }) =>
    async ({ desk, progress }) => {
      const { schema } = desk;
      if (flags.check === true) {
        const pending = await desk.pending();
        const isDone = pending.length === 0;
        return {
          exitCode: isDone ? 0 : 1,
          json: { outcome: isDone ? 'up-to-date' : 'pending', schema, versions: pending },
          text: isDone
            ? `Schema ${schema} is up to date.`
            : `Schema ${schema} lacks version ${pending.join(', ')}. Run: npx checkout-embed migrate`,
        };
      }
      const versions = await progress.during(`Migrating schema ${schema}`, () => desk.migrate());
      const isNew = versions.length > 0;
      return {
        exitCode: 0,
        json: { outcome: isNew ? 'migrated' : 'up-to-date', schema, versions },
        text: isNew
          ? `Schema ${schema} was brought to version ${versions.at(-1) ?? 0}.`
          : `Schema ${schema} is up to date.`,
      };
    },
};
