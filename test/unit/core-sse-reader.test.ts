import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventParser } from '../../src/core/sse-reader.js';

function parse(...pieces: string[]): [string, string][] {
  const events: [string, string][] = [];
  const push = eventParser((name, data) => events.push([name, data]));
  for (const piece of pieces) push(piece);
  return events;
}

describe('the event parser', () => {
  it.each<[string, string, [string, string][]]>([
    ['one event', 'data: one\n\n', [['message', 'one']]],
    ['several lines of data', 'data: one\ndata: two\n\n', [['message', 'one\ntwo']]],
    ['a named event', 'event: status\ndata: {}\n\n', [['status', '{}']]],
    [
      'a name that ends with its event',
      'event: a\ndata: 1\n\ndata: 2\n\n',
      [
        ['a', '1'],
        ['message', '2'],
      ],
    ],
    ['no space after the colon', 'data:one\n\n', [['message', 'one']]],
    ['only the first space dropped', 'data:  one\n\n', [['message', ' one']]],
    ['colons in the data', 'data: {"a":"b:c"}\n\n', [['message', '{"a":"b:c"}']]],
    ['comments', ': one\n:\n\ndata: two\n\n', [['message', 'two']]],
    ['unknown fields', 'id: 7\nretry: 10\nhuh\ndata: one\n\n', [['message', 'one']]],
    ['an event without data', 'event: status\n\n', []],
    ['an event that has not ended', 'data: one\n', []],
    [
      'carriage returns',
      'data: one\r\rdata: two\r\r\n',
      [
        ['message', 'one'],
        ['message', 'two'],
      ],
    ],
  ])('reads %s', (_what, text, events) => {
    expect(parse(text)).toEqual(events);
  });

  it('gives the same events however the stream is cut, with either line ending', () => {
    const text = ': hi\nevent: status\ndata: {"a":1}\ndata: ø\n\n\ndata: two\n\n';
    const whole = parse(text);
    expect(whole).toHaveLength(2);

    fc.assert(
      fc.property(fc.array(fc.nat(60)), fc.constantFrom('\n', '\r\n'), (cuts, ending) => {
        const stream = text.replaceAll('\n', ending);
        const at = [...new Set([0, ...cuts, stream.length])]
          .filter((cut) => cut <= stream.length)
          .sort((a, b) => a - b);
        expect(parse(...at.map((from, index) => stream.slice(from, at[index + 1] ?? stream.length)))).toEqual(
          whole,
        );
      }),
    );
  });
});
