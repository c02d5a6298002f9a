import type { Duplex } from 'node:stream';

/** Characters. An answer with the ids of a million photos has 70 MB. */
const longest = 2 ** 27;

/**
 * Messages as lines of JSON with a process that is not trusted: Node's own channel throws out of the event loop at one that is no JSON, is null or is
 * Node's own, and keeps one without an end.
 * @param take may throw, which is a wrong message too @param refuse is called once
 */
export function readLines(stream: Duplex, take: (message: object) => void, refuse: (reason: string) => void): void {
  let parts: string[] = [];
  let length = 0;
  const wrong = (reason: string) => {
    stream.removeAllListeners('data').destroy();
    refuse(reason);
  };
  const takeLine = () => {
    const line = parts.join('');
    [parts, length] = [[], 0];
    const message: unknown = JSON.parse(line);
    if (typeof message !== 'object' || message === null) throw new TypeError('not an object');
    take(message);
  };
  stream.on('error', () => {});
  stream.setEncoding('utf8').on('data', (text: string) => {
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf('\n', from);
      const part = text.slice(from, end < 0 ? undefined : end);
      from = end < 0 ? text.length : end + 1;
      length += part.length;
      if (length > longest) return wrong('it sent a message that is too long');
      parts.push(part);
      if (end < 0) continue;
      try {
        takeLine();
      } catch {
        return wrong('it sent something that is not a message');
      }
    }
  });
}

export function writeLine(stream: Duplex, message: object): void {
  if (stream.writable) stream.write(`${JSON.stringify(message)}\n`);
}
