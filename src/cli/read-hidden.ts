import { text } from 'node:stream/consumers';
import { askHidden } from './ask-hidden.ts';

/** A value that belongs in no argument: from a prompt without echo or, without a terminal, all of standard input less its last line end. */
export async function readHidden(question: string, { fromStdin = false } = {}): Promise<string> {
  if (fromStdin || !process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  return await askHidden(question);
}
