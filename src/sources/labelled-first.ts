import { MitateError } from '../errors/index.ts';
import type { OpenOptions, SourceItem } from './source-item.ts';

/**
 * Photos in their order; where a label is required, those without one come last.
 * @throws SOURCE_EMPTY without photos; SOURCE_UNLABELLED when none has a label
 */
export function* labelledFirst(
  source: string,
  items: Iterable<SourceItem>,
  { labels }: Pick<OpenOptions, 'labels'>,
): Generator<SourceItem> {
  let labelled = 0;
  const unlabelled: SourceItem[] = [];
  for (const item of items) {
    if (item.label === undefined && labels === 'required') unlabelled.push(item);
    else {
      labelled++;
      yield item;
    }
  }
  if (labelled === 0) throw unlabelledError(source, unlabelled);
  yield* unlabelled;
}

/** No photo of a source has a label, or it has no photos. */
export function unlabelledError(source: string, unlabelled: readonly SourceItem[]): MitateError {
  const [first] = unlabelled;
  if (!first) return new MitateError('SOURCE_EMPTY', { source });
  return new MitateError('SOURCE_UNLABELLED', { source, photos: unlabelled.length, first: first.filename });
}
