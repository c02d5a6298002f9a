import { InvalidArgumentError } from 'commander';
import { unstorableIn } from '../../codecs/storable-text.ts';

export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Expected JSON such as {"tolerance":0.2}.');
  }
  const bad = unstorableIn(value);
  if (bad !== null) throw new InvalidArgumentError(`Expected text that can be stored; it contains ${bad.what}.`);
  return value;
}
