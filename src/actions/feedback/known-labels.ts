import { readSignature } from '../../artifacts/model/model-files.ts';
import type { AnsweredPhoto } from '../../contracts/loop/feedback.ts';
import type { KnownLabels } from '../../feedback/labels/truth-of.ts';
import type { Store } from '../../store/store.ts';

type Of = Pick<AnsweredPhoto, 'modelName' | 'modelVersion' | 'answers'>;

/** Labels of the models behind predictions; each model's files are read once. */
export function knownLabels(store: Pick<Store, 'findVersion'>): (photo: Of) => Promise<KnownLabels> {
  const taught = new Map<string, Promise<KnownLabels['taught']>>();
  return async ({ modelName, modelVersion, answers }) => {
    const model = modelVersion === null ? modelName : `${modelName}@${modelVersion}`;
    if (!taught.has(model)) taught.set(model, readTaught(store, modelVersion === null ? null : model));
    const found = await taught.get(model)!;
    return { model, taught: found, answers: found ? answersOf(found) : answers };
  };
}

async function readTaught(store: Pick<Store, 'findVersion'>, model: string | null): Promise<KnownLabels['taught']> {
  const version = model && (await store.findVersion(model));
  if (!version) return null;
  const signature = await readSignature(version.artifactUri).catch(() => null);
  return signature && { labels: signature.labels, task: signature.task };
}

function answersOf({ labels, task }: NonNullable<KnownLabels['taught']>): readonly string[] {
  return task.kind === 'multiclass' ? labels : [task.positive, task.negative];
}
