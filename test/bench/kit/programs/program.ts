/** The inside of a process of the bench: it is told its input, then asked, and ends when nobody asks any more. */

export interface Running {
  /** What it says when it is ready. */
  readonly ready: object;
  /** One question at a time. */
  readonly answer: (question: never) => Promise<object> | object;
  readonly end: () => Promise<void> | void;
}

/** @param begin Makes the process ready. Its input and the questions come from the process that started it. */
export function program(begin: (input: never) => Promise<Running> | Running): void {
  process.once('message', (input) => {
    void Promise.resolve(begin(input as never)).then(({ ready, answer, end }) => {
      process.on('message', (question) => {
        void Promise.resolve(answer(question as never)).then((said) => process.send?.(said));
      });
      process.once('disconnect', () => void Promise.resolve(end()).then(() => process.exit(0)));
      process.send?.(ready);
    });
  });
}
