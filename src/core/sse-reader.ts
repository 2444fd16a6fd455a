import { HandoffError, reach } from './handoff-error.js';

/** Longest event, in UTF-16 units. A snapshot is a few hundred. */
const MAX_EVENT_LENGTH = 65_536;

export type OnEvent = (name: string, data: string) => void;

/**
 * Reads an event stream to its end. `onChunk` hears every arrival, comments too: it is the proof of life that
 * a deadline waits for.
 * @throws {HandoffError} `network` where it breaks off, `unreadable` for an event that does not end.
 * @see HTML Living Standard, "Parsing an event stream"
 */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  onEvent: OnEvent,
  onChunk: () => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const push = eventParser(onEvent);
  for (;;) {
    const { done, value } = await reach(() => reader.read());
    if (done) return;
    onChunk();
    push(decoder.decode(value, { stream: true }));
  }
}

/** Takes text in any pieces and calls back once per complete event that has data. `id` and `retry` are not used. */
export function eventParser(onEvent: OnEvent): (text: string) => void {
  let rest = '';
  let name = '';
  let data = '';
  return (text) => {
    // A carriage return at the very end may be half of a CRLF: it waits for what follows.
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data !== '') onEvent(name || 'message', data.slice(0, -1));
        name = data = '';
      } else {
        const [, field, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
        if (field === 'data') data += value + '\n';
        else if (field === 'event') name = value;
      }
    }
    if (rest.length + data.length > MAX_EVENT_LENGTH)
      throw new HandoffError('unreadable', 'An event has no end');
  };
}
