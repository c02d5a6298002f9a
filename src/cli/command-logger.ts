import type { Logger } from '../contracts/logger.ts';
import type { Output } from './output/output.ts';
import { safeText } from './output/safe-text.ts';

/** Prints warnings and errors of work outside a pipeline to stderr. */
export function commandLogger(output: Output): Logger {
  const print = (level: string) => (message: string) =>
    output.note(`${output.style('yellow', level)} ${safeText(message)}`);
  return { debug: () => {}, info: () => {}, warn: print('warn'), error: print('error') };
}
