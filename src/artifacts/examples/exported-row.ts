import { recordFrom } from '../../codecs/record-from.ts';
import { type Example, type Split, splitSchema } from '../../contracts/artifacts/example.ts';
import { isRoleName } from './column-names.ts';

/** Marks the rows of an exported manifest, whose columns `split` and `original` are not attributes. */
const mark = 'examples/1';
const ownColumns = new Set(['split', 'original', 'attributes', 'mitate', '']);

/** One row of `manifest.jsonl`. Attributes with the name of a column are members of `attributes`. */
export function toExportedRow(example: Example, path: string): Record<string, unknown> {
  const { label, group, split, attributes, filename } = example;
  const isTaken = (name: string) => ownColumns.has(name) || isRoleName(name);
  const entries = Object.entries(attributes);
  const taken = entries.filter(([name]) => isTaken(name));
  return {
    ...recordFrom(entries.filter(([name]) => !isTaken(name))),
    ...{ path, label, group, split, original: filename, mitate: mark },
    ...(taken.length > 0 && { attributes: recordFrom(taken) }),
  };
}

/** The cells of an exported row that are attributes, and its split. Null for any other row. */
export function fromExportedRow(
  cells: Readonly<Record<string, string>>,
): { attributes: Record<string, string>; split?: Split } | null {
  if (cells.mitate !== mark) return null;
  const split = splitSchema.safeParse(cells.split).data;
  const plain = Object.entries(cells).filter(([name]) => !ownColumns.has(name) && !isRoleName(name));
  const nested = Object.entries<string>(JSON.parse(cells.attributes ?? '{}'));
  return { attributes: recordFrom([...plain, ...nested]), ...(split && { split }) };
}
