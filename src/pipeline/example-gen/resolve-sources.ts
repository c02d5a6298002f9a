import { basename } from 'node:path';
import { isMitateError } from '../../errors/index.ts';
import { resolveSpans, type Span } from '../../sources/span.ts';
import type { ExampleGenParameters } from './spec.ts';

/** A path that photos are read from. */
export interface Place extends Span {
  /** Prefix of the file names of its photos, which distinguishes those of several places. '' = one place only. */
  prefix: string;
}

/**
 * The places of a source, in order of precedence: later ones correct earlier ones. In a list, a `{SPAN}` source without a span adds nothing as long as
 * another source has photos, since a flywheel starts empty.
 * @throws SPAN_NOT_FOUND
 */
export function resolveSources(
  source: ExampleGenParameters['source'],
  wanted: ExampleGenParameters['span'],
): [Place, ...Place[]] {
  const sources = [source].flat();
  const found = sources.flatMap((each) => spansOrNone(each, wanted));
  const spans = found.length > 0 ? found : resolveSpans(sources[0] ?? '', wanted);
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
