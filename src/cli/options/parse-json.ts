import { InvalidArgumentError } from 'commander';

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Expected JSON such as {"tolerance":0.2}.');
  }
}
