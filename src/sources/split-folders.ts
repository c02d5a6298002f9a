import type { Split } from '../contracts/artifacts/example.ts';
import { MitateError } from '../errors/index.ts';
import type { OpenOptions, SourceItem } from './source-item.ts';
import { labelOfPath } from './source-path.ts';

/** The names that Keras, Hugging Face, PyTorch and Kaggle use. */
const names: [Split, RegExp][] = [
  ['train', /^train(ing)?$/i],
  ['eval', /^(val|valid|validation|eval|evaluation|dev)$/i],
  ['test', /^test(ing)?$/i],
];

export function splitOfFolder(folder: string): Split | undefined {
  return names.find(([, pattern]) => pattern.test(folder))?.[0];
}

/** Label, split and attributes of a photo by its folders. */
export type PlaceOf = (folders: readonly string[]) => Pick<SourceItem, 'label' | 'split' | 'attributes'>;

/**
 * How the folders of a source are read: `<label>/...`, `<split>/<label>/...` when all are named like splits, or `<label>/<split>/...` when that holds for
 * each label. A single split is only a folder around the labels.
 * @param paths folders above each photo
 * @throws SOURCE_SPLITS_MIXED when only some folders are splits, or photos of a split have no label folder
 */
export function readFolders(source: string, paths: readonly (readonly string[])[], options: OpenOptions): PlaceOf {
  const tops = Map.groupBy(
    paths.filter(({ length }) => length > 0),
    ([top]) => top!,
  );
  const splits = [...tops.keys()].filter(splitOfFolder);
  const labels = [...tops.keys()].filter((top) => !splitOfFolder(top));
  const isSplit = (top: string) => tops.get(top)!.every(({ length }) => length > 1);
  const flat = splits.filter((top) => !isSplit(top));
  if (splits.length - flat.length === 0 && (splits.length < 2 || labels.length > 0))
    return readLabelFirst(source, paths, options);
  const problem =
    labels.length > 0
      ? `${list(labels)} beside them ${labels.length > 1 ? 'are' : 'is'} not`
      : flat.length > 0
        ? `photos in ${list(flat)} are in no label folder`
        : splits.some((top) => splitOfFolder(top) === 'train') || splits.length === 1
          ? null
          : 'there is no folder "train"';
  if (problem !== null) {
    if (options.labels === 'optional') return labelOfPath;
    throw new MitateError('SOURCE_SPLITS_MIXED', { source, splits: list(splits), problem });
  }
  if (splits.length === 1) return ([, ...below]) => labelOfPath(below);
  if (options.notes) options.notes.splitFolders = splits;
  return ([top, ...below]) => {
    const split = top === undefined ? undefined : splitOfFolder(top);
    return { ...labelOfPath(below), ...(split && { split }) };
  };
}

/** `<label>/train/...` beside `<label>/test/...`: read as a label alone, the test photos would be trained on. */
function readLabelFirst(source: string, paths: readonly (readonly string[])[], options: OpenOptions): PlaceOf {
  const inner = (path: readonly string[]) => (path[1] === undefined ? undefined : splitOfFolder(path[1]));
  const found = new Set(paths.map(inner));
  if (!found.has('train') || new Set([...found, undefined]).size < 3) return labelOfPath;
  if (found.has(undefined)) {
    if (options.labels === 'optional') return labelOfPath;
    const without = [...new Set(paths.filter((path) => !inner(path)).map(([label]) => label ?? source))].sort();
    const problem = `photos of ${list(without)} are in none of them`;
    throw new MitateError('SOURCE_SPLITS_MIXED', { source, splits: list(namesOf(paths, inner)), problem });
  }
  if (options.notes) options.notes.splitFolders = namesOf(paths, inner);
  return ([label, split, ...below]) => ({
    ...labelOfPath(label === undefined ? [] : [label, ...below]),
    ...(split !== undefined && { split: splitOfFolder(split) as Split }),
  });
}

const namesOf = (paths: readonly (readonly string[])[], inner: (path: readonly string[]) => Split | undefined) =>
  [...new Set(paths.filter(inner).map(([, split]) => split as string))].sort();

const list = (folders: readonly string[]) => folders.map((folder) => `"${folder}"`).join(', ');
