import { basename } from 'node:path';
import { isMitateError } from '../../errors/index.ts';
import { resolveSpans, type Span } from './span.ts';
import type { ExampleGenParameters } from './spec.ts';

/** A path that photos are read from. */
export interface Place extends Span {
  /** Before the file names of its photos, so that those of several places can be told apart. '' = one place only. */
  prefix: string;
}

/**
 * The places of a source, in order: what comes later knows better. In a list, a `{SPAN}` source without a span yet adds nothing when another
 * one has photos: a flywheel begins empty.
 * @throws SPAN_NOT_FOUND
 */
export function resolveSources(
  source: ExampleGenParameters['source'],
  wanted: ExampleGenParameters['span'],
): [Place, ...Place[]] {
  const sources = typeof source === 'string' ? [source] : source;
  const found = sources.flatMap((each) => spansOrNone(each, wanted));
  const spans = found.length > 0 ? found : resolveSpans(sources[0]!, wanted);
  const single = sources.length === 1 && (wanted === 'latest' || typeof wanted === 'number');
  return spans.map((span) => ({ ...span, prefix: single ? '' : `${basename(span.path)}/` })) as [Place, ...Place[]];
}

function spansOrNone(source: string, wanted: ExampleGenParameters['span']): Span[] {
  try {
    return resolveSpans(source, wanted);
  } catch (error) {
    if (isMitateError(error, 'SPAN_NOT_FOUND')) return [];
    throw error;
  }
}
