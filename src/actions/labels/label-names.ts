import { readSummary } from '../../artifacts/examples/read-examples.ts';
import { readSignature } from '../../artifacts/model/model-files.ts';
import { emptyRecord, recordFrom } from '../../codecs/record-from.ts';
import type { Actor } from '../../contracts/actor.ts';
import {
  type DisplayNames,
  type LabelName,
  labelLanguages,
  longestLabelName,
  mostLabelNames,
  type NewNames,
} from '../../contracts/loop/label-name.ts';
import { MitateError } from '../../errors/index.ts';
import { readCsv } from '../../sources/manifest-rows.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { evaluationPipeline } from '../models/evaluation-pipeline.ts';

type Labels = Pick<OpenStore, 'labels'>;

/** Labels with a display name. By label. */
export async function namedLabels({ labels }: Labels): Promise<LabelName[]> {
  return await labels.names();
}

/** Also those of the newest data set of each pipeline and the newest version of each model; what cannot be read is left out. */
export async function allLabels(
  store: Labels & Pick<OpenStore, 'listArtifacts' | 'listModels' | 'findVersion'>,
): Promise<LabelName[]> {
  const [named, examples, models] = await Promise.all([
    store.labels.names(),
    store.listArtifacts({ type: 'Examples', live: true }),
    store.listModels(),
  ]);
  const newest = new Map(examples.toReversed().map((each) => [each.pipeline, each.uri]));
  newest.delete(evaluationPipeline);
  const read = [
    ...[...newest.values()].map(async (uri) => (await readSummary(uri)).labels),
    ...models.map(async ({ name, versions }) => {
      const version = await store.findVersion(`${name}@${versions}`);
      return version === null ? [] : (await readSignature(version.artifactUri)).labels;
    }),
  ];
  const found = await Promise.all(read.map((labels) => labels.catch(() => [])));
  const all = new Map(found.flat().map((label) => [label, { label, en: null, ja: null } as LabelName]));
  for (const each of named) all.set(each.label, each);
  return [...all.values()].sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** Of those that have one. */
export async function displayNamesOf({ labels }: Labels, of: readonly string[]): Promise<DisplayNames> {
  return recordFrom((await labels.names(of)).map(({ label, en, ja }) => [label, { en, ja }]));
}

/** All or none; what a name leaves out stays. @returns how many labels have other names now @throws LABEL_NAME_INVALID, LABEL_NAMES_TOO_MANY */
export async function nameLabels({ audited }: Pick<OpenStore, 'audited'>, names: NewNames, actor: Actor) {
  const wanted = Object.entries(names).map(([label, given]) => {
    requireLabel(label);
    return { label, en: nameOf(label, given.en), ja: nameOf(label, given.ja) };
  });
  return await audited(
    async ({ labels }) => {
      const before = new Map((await labels.names()).map((each) => [each.label, each]));
      const changed: LabelName[] = [];
      for (const { label, en, ja } of wanted) {
        const old = before.get(label) ?? { label, en: null, ja: null };
        const next = { label, en: en === undefined ? old.en : en, ja: ja === undefined ? old.ja : ja };
        if (next.en === old.en && next.ja === old.ja) continue;
        changed.push(next);
        if (next.en === null && next.ja === null) before.delete(label);
        else before.set(label, next);
      }
      if (before.size > mostLabelNames)
        throw new MitateError('LABEL_NAMES_TOO_MANY', { count: before.size, most: mostLabelNames });
      await labels.name(changed);
      return { changed: changed.length };
    },
    ({ changed }) => {
      const [first] = wanted;
      const subject = wanted.length === 1 && first ? first.label.slice(0, 200) : `${wanted.length} labels`;
      const details = wanted.length === 1 && first ? { en: first.en, ja: first.ja } : { changed };
      return { actor, action: 'label.name', subject, details };
    },
  );
}

/** From a CSV with the columns label, en and ja; an empty cell removes the name, a column that is not there leaves names as they are. @throws LABEL_NAMES_FILE_INVALID, MANIFEST_INVALID, FILE_UNREADABLE, and as `nameLabels` */
export async function importLabelNames(store: Pick<OpenStore, 'audited'>, file: string, actor: Actor) {
  const names: NewNames = emptyRecord();
  for await (const { line, cells } of readCsv(file)) {
    const { label, ...given } = cells;
    const languages = labelLanguages.filter((language) => given[language] !== undefined);
    if (label === undefined || label === '' || languages.length === 0)
      throw new MitateError('LABEL_NAMES_FILE_INVALID', { file, line });
    names[label.normalize('NFC')] = Object.fromEntries(languages.map((each) => [each, given[each] || null]));
  }
  return await nameLabels(store, names, actor);
}

function requireLabel(label: string): void {
  if (label === '' || label.length > 256)
    throw new MitateError('LABEL_NAME_INVALID', {
      label: label.slice(0, 60),
      name: '',
      reason: 'a label has 1 to 256 characters',
    });
}

/** What would break a line, or turn the text around it. */
const breaking = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
const seen = /[\p{L}\p{N}\p{S}\p{P}]/u;

/** Trimmed; undefined = not given. @throws LABEL_NAME_INVALID */
function nameOf(label: string, given: string | null | undefined): string | null | undefined {
  const name = given?.trim().normalize('NFC');
  if (given === null || name === '') return null;
  if (name === undefined) return undefined;
  const invalid = (reason: string) =>
    new MitateError('LABEL_NAME_INVALID', { label, name: JSON.stringify(name.slice(0, 60)), reason });
  if (breaking.test(name)) throw invalid('it has a control character, or one that turns the direction of the text');
  if (!seen.test(name)) throw invalid('nothing of it can be seen');
  if (name.length > longestLabelName)
    throw invalid(`it has ${name.length} characters, and may have ${longestLabelName}`);
  return name;
}
