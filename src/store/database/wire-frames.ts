/** Splits a client's byte stream (PostgreSQL protocol 3) into groups that are executed together. */
interface WireFrames {
  /** Complete groups received so far; `refuse-tls` requests the byte N. */
  push(chunk: Buffer): (Buffer | 'refuse-tls' | 'end')[];
}

const sslRequest = 80877103;
const gssRequest = 80877104;
/** Sync, Query, Password, CopyDone, CopyFail, FunctionCall, Flush: the server responds after these. */
const groupEnds = new Set([...'SQpcfFH'].map((letter) => letter.charCodeAt(0)));
const terminate = 'X'.charCodeAt(0);

/**
 * Parse, Bind, Execute and Sync of a query stay together, because the steps of two connections must not interleave:
 * PGlite has one session, so one unnamed statement.
 */
export function wireFrames(): WireFrames {
  let chunks: Buffer[] = [];
  let size = 0;
  let started = false;
  /** Bytes to wait for before parsing again: a 20 MB message is concatenated once, not every 64 KB. */
  let needed = 5;

  return {
    push(chunk) {
      chunks.push(chunk);
      size += chunk.length;
      if (size < needed) return [];
      const buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      const found: (Buffer | 'refuse-tls' | 'end')[] = [];
      let at = 0;
      let start = 0;
      for (;;) {
        const header = started ? 1 : 0;
        if (buffer.length - at < header + 4) {
          needed = at + header + 4 - start;
          break;
        }
        const length = header + buffer.readInt32BE(at + header);
        if (buffer.length - at < length) {
          needed = at + length - start;
          break;
        }
        const type = started ? buffer.readUInt8(at) : -1;
        const code = started || length < 8 ? 0 : buffer.readInt32BE(at + 4);
        at += length;
        if (!started && (code === sslRequest || code === gssRequest)) found.push('refuse-tls');
        else if (type === terminate) found.push('end');
        else if (!started || groupEnds.has(type)) found.push(buffer.subarray(start, at));
        else continue;
        started ||= found.at(-1) !== 'refuse-tls';
        start = at;
      }
      const rest = buffer.subarray(start);
      chunks = [rest];
      size = rest.length;
      return found;
    },
  };
}
