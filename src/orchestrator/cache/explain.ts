import type { Explanation, KeyChange } from '../../contracts/run.ts';

export function keyChanges(before: Record<string, string>, after: Record<string, string>): KeyChange[] {
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return parts
    .map((part) => ({ part, before: before[part] ?? null, after: after[part] ?? null }))
    .filter((change) => change.before !== change.after);
}

function isDigest(text: string): boolean {
  return /^(sha256:)?[0-9a-f]{64}$/.test(text);
}

function shown(value: string | null): string {
  if (value === null) return 'none';
  return isDigest(value) ? value.replace('sha256:', '').slice(0, 12) : value;
}

function describe({ part, before, after }: KeyChange): string {
  if (part === 'fingerprint') return 'the content of the source changed';
  const name = part.replace(/^(parameter|input)\./, '$1 ');
  return `${name} changed from ${shown(before)} to ${shown(after)}`;
}

/** Why the step runs, compared with its previous execution (null = none). */
export function explainMiss(before: Record<string, string> | null, after: Record<string, string>): Explanation {
  if (!before) return { outcome: 'first', text: 'run: first run of this step', changes: [] };
  const changes = keyChanges(before, after);
  if (changes.length > 0) return { outcome: 'changed', text: `run: ${changes.map(describe).join('; ')}`, changes };
  return { outcome: 'stale', text: 'run: nothing changed, but its artifacts are missing', changes };
}

/** The key matched an execution whose artifacts are missing or changed. */
export function explainStale(reason: string): Explanation {
  return { outcome: 'stale', text: `run: nothing changed, but ${reason}`, changes: [] };
}

export function explainHit(before: Record<string, string> | null, after: Record<string, string>): Explanation {
  const changes = before ? keyChanges(before, after) : [];
  if (changes.length === 0) return { outcome: 'hit', text: 'cached: nothing changed', changes };
  return { outcome: 'reverted', text: `cached from an earlier run: ${changes.map(describe).join('; ')}`, changes };
}

export const uncacheable: Explanation = {
  outcome: 'uncacheable',
  text: 'run: this component always runs',
  changes: [],
};
