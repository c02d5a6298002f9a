import { existsSync, readdirSync } from 'node:fs';
import { join, parse, sep } from 'node:path';
import { isBucket } from '../contracts/bucket.ts';
import { MitateError } from '../errors/index.ts';

export interface Span {
  /** The path without placeholders. */
  path: string;
  /** Null = the path has no `{SPAN}`. */
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

/** One folder name of the pattern as a regular expression: digits for each placeholder, zero-padded to its width if it has one. */
function toPattern(segment: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  let source = '';
  let at = 0;
  for (const match of segment.matchAll(placeholder)) {
    source += literal(segment.slice(at, match.index));
    const width = match[2] === undefined ? null : Number(match[2]);
    source += width === null ? '(\\d+)' : `(\\d{${width}}|[1-9]\\d{${width},})`;
    names.push(match[1] as string);
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

/** The newest span, all of them together, one by number, or the last ones together. */
export type WantedSpans = 'latest' | 'all' | number | { last: number };

/**
 * Fills `{SPAN}` and `{VERSION}` (TFX's patterns) with the wanted spans and the highest version in each.
 * @returns at least one, by span
 * @throws SPAN_NOT_FOUND
 */
export function resolveSpans(source: string, wanted: WantedSpans): Span[] {
  if (isBucket(source)) return [{ path: source, span: null, version: 0 }];
  if (source.search(placeholder) < 0) return [{ path: source, span: null, version: 0 }];
  const found = newestVersions(candidatesOf(source));
  const spans =
    typeof wanted === 'number' ? found.filter(({ span }) => span === wanted) : found.slice(-countOf(wanted));
  const span = typeof wanted === 'object' ? `last ${wanted.last}` : wanted;
  if (spans.length === 0) throw new MitateError('SPAN_NOT_FOUND', { source, span });
  return spans;
}

function countOf(wanted: Exclude<WantedSpans, number>): number {
  if (wanted === 'latest') return 1;
  return wanted === 'all' ? Number.POSITIVE_INFINITY : wanted.last;
}

/** The highest version of each span, in order of spans. */
function newestVersions(candidates: readonly Candidate[]): Span[] {
  const newest = new Map<number | null, Span>();
  for (const { path, span, version } of candidates) {
    const before = newest.get(span);
    if (!before || (version ?? 0) > before.version) newest.set(span, { path, span, version: version ?? 0 });
  }
  return [...newest.values()].sort((a, b) => (a.span ?? 0) - (b.span ?? 0));
}

function candidatesOf(source: string): Candidate[] {
  const { root } = parse(source);
  const start: Candidate = { path: root || '.', span: null, version: null };
  let candidates = [start];
  for (const segment of source.slice(root.length).split(sep === '\\' ? /[/\\]/ : sep)) {
    candidates = candidates.flatMap((candidate) => expandSegment(candidate, segment));
  }
  return candidates.filter(({ path }) => existsSync(path));
}
