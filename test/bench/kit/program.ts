/** The inside of a process of the bench: it is told its input, then asked, and ends when nobody asks any more. */

/** @param begin Makes the process ready. Gives what it says then, and how it answers. */
export function program<Input, Ready, Question, Answer>(
  begin: (input: Input) => Promise<{
    readonly ready: Ready;
    readonly answer: (question: Question) => Promise<Answer> | Answer;
    readonly end: () => Promise<void> | void;
  }>,
): void {
  process.once('message', (input) => {
    void begin(input as Input).then(({ ready, answer, end }) => {
      process.on('message', (question) => {
        void Promise.resolve(answer(question as Question)).then((said) => process.send?.(said ?? {}));
      });
      process.once('disconnect', () => void Promise.resolve(end()).then(() => process.exit(0)));
      process.send?.(ready ?? {});
    });
  });
}
