import { MitateError } from '../errors/index.ts';

/** Counts expanded bytes as they come. @throws SOURCE_TOO_LARGE above the limit */
export function byteBudget(source: string, limitBytes: number): (bytes: number) => void {
  let spent = 0;
  return (bytes) => {
    spent += bytes;
    if (spent > limitBytes) throw new MitateError('SOURCE_TOO_LARGE', { source, limitBytes });
  };
}
