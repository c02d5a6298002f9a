import { MitateError } from '../../errors/index.ts';
import type { OpenOptions, SourceItem } from './source-item.ts';

/**
 * Photos as they come, and those without a label, where one is required, at the end.
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
  if (labelled === 0 && unlabelled.length > 0) throw unlabelledError(source, unlabelled.length, unlabelled[0]!);
  if (labelled === 0) throw new MitateError('SOURCE_EMPTY', { source });
  yield* unlabelled;
}

/** All photos of a source lie without a label. */
export function unlabelledError(source: string, photos: number, first: SourceItem): MitateError {
  return new MitateError('SOURCE_UNLABELLED', { source, photos, first: first.filename });
}
