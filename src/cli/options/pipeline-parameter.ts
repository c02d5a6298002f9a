import { InvalidArgumentError } from 'commander';

/** Collects repeated `--param name=value`. */
export function collectParameter(text: string, before: Record<string, string> = {}): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Expected name=value, such as images=photos.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}
