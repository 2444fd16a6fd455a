/** Pages that watch an order: open so many streams, and keep reading them. */
import { connect, type Socket } from 'node:net';
import { program } from './program.js';

export interface ReadersInput {
  readonly port: number;
  readonly streams: readonly { readonly attemptId: string; readonly token: string }[];
}

export interface ReadersAnswer {
  /** Streams whose first snapshot has come. */
  readonly open: number;
}

/** Opened at a time: a listening socket's backlog is short. */
const AT_A_TIME = 100;

program(({ port, streams }: ReadersInput) => {
  const sockets: Socket[] = [];
  return {
    ready: {},
    answer: async (): Promise<ReadersAnswer> => {
      for (let from = 0; from < streams.length; from += AT_A_TIME) {
        const some = streams.slice(from, from + AT_A_TIME);
        sockets.push(...(await Promise.all(some.map((stream) => open(port, stream)))));
      }
      return { open: sockets.length };
    },
    end: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
});

/** Resolves with the first snapshot. */
function open(port: number, { attemptId, token }: ReadersInput['streams'][number]): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let heard = '';
    socket.setEncoding('utf8');
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`a stream was closed: ${heard.split('\r\n')[0] ?? ''}`)));
    socket.on('data', (chunk) => {
      heard = (heard + String(chunk)).slice(-4000);
      if (heard.includes('event: status')) resolve(socket);
    });
    socket.write(
      [
        `GET /checkout/attempts/${attemptId}/events HTTP/1.1`,
        `host: 127.0.0.1:${port}`,
        'accept: text/event-stream',
        'sec-fetch-site: same-origin',
        'user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36',
        `authorization: Bearer ${token}`,
        '\r\n',
      ].join('\r\n'),
    );
  });
}
