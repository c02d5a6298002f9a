import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Prompts on stderr without echoing the input. */
export async function askHidden(question: string): Promise<string> {
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: muted, terminal: true });
  process.stderr.write(question);
  try {
    return await terminal.question('');
  } finally {
    process.stderr.write('\n');
    terminal.close();
  }
}
