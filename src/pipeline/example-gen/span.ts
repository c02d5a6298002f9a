import { existsSync, readdirSync } from 'node:fs';
import { join, parse, sep } from 'node:path';
import { MitateError } from '../../errors/index.ts';

export interface Span {
  /** The path without placeholders. */
  path: string;
  /** Null: the path holds no `{SPAN}`. */
  span: number | null;
  version: number;
}

const placeholder = /\{(SPAN|VERSION)(?::0?(\d+))?\}/g;

interface Candidate {
  path: string;
  span: number | null;
  version: number | null;
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** One folder name of the pattern as a regular expression: digits for each placeholder, zero-padded to a width when it has one. */
function toPattern(segment: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  let source = '';
  let at = 0;
  for (const match of segment.matchAll(placeholder)) {
    source += literal(segment.slice(at, match.index));
    const width = match[2] === undefined ? null : Number(match[2]);
    source += width === null ? '(\\d+)' : `(\\d{${width}}|[1-9]\\d{${width},})`;
    names.push(match[1]!);
    at = match.index + match[0].length;
  }
  return { pattern: new RegExp(`^${source}${literal(segment.slice(at))}$`, 'u'), names };
}

function capture(candidate: Candidate, names: string[], values: string[]): Candidate | null {
  const next = { ...candidate };
  for (const [i, name] of names.entries()) {
    const key = name === 'SPAN' ? 'span' : 'version';
    const value = Number(values[i]);
    if (next[key] !== null && next[key] !== value) return null;
    next[key] = value;
  }
  return next;
}

function expandSegment(candidate: Candidate, segment: string): Candidate[] {
  const { pattern, names } = toPattern(segment);
  if (names.length === 0) return [{ ...candidate, path: join(candidate.path, segment) }];
  if (!existsSync(candidate.path)) return [];
  return readdirSync(candidate.path || '.').flatMap((name) => {
    const match = pattern.exec(name);
    const next = match && capture(candidate, names, match.slice(1));
    return next ? [{ ...next, path: join(candidate.path, name) }] : [];
  });
}

/**
 * Fills `{SPAN}` and `{VERSION}` (TFX's patterns) with the wanted span, or the highest there is, and the highest version in it.
 * @throws SPAN_NOT_FOUND
 */
export function resolveSpan(source: string, wanted: 'latest' | number): Span {
  if (source.search(placeholder) < 0) return { path: source, span: null, version: 0 };
  const { root } = parse(source);
  const start: Candidate = { path: root || '.', span: null, version: null };
  let candidates = [start];
  for (const segment of source.slice(root.length).split(sep === '\\' ? /[/\\]/ : sep)) {
    candidates = candidates.flatMap((candidate) => expandSegment(candidate, segment));
  }
  const [best] = candidates
    .filter(({ path, span }) => existsSync(path) && (wanted === 'latest' || span === wanted))
    .sort((a, b) => (b.span ?? 0) - (a.span ?? 0) || (b.version ?? 0) - (a.version ?? 0));
  if (!best) throw new MitateError('SPAN_NOT_FOUND', { source, span: wanted });
  return { path: best.path, span: best.span, version: best.version ?? 0 };
}
