import type { StoredArtifact } from '../../contracts/artifact.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { evaluationPipeline } from '../models/evaluation-pipeline.ts';

/**
 * An artifact of a data set by the beginning of its id, the name of the data set, or `name@span`, of which the newest version; without a reference
 * the newest.
 * @throws DATA_NOT_FOUND
 */
export async function findDataSet(
  store: Pick<OpenStore, 'listArtifacts'>,
  type: 'Examples' | 'ExampleStatistics',
  reference?: string,
): Promise<StoredArtifact> {
  const all = await store.listArtifacts({ type, live: true });
  const [, name, span] = /^(.+)@(\d+)$/.exec(reference ?? '') ?? [];
  const isMeant = (each: StoredArtifact) =>
    reference === undefined
      ? isImported(each)
      : isNamed(each, reference) ||
        (name !== undefined && isNamed(each, name) && each.properties.span === Number(span));
  const found = all.find(isMeant);
  if (!found) throw new MitateError('DATA_NOT_FOUND', { type, reference: reference ?? 'the newest' });
  return found;
}

/** Photos that `mitate evaluate` read are not a data set. */
const isImported = ({ pipeline }: StoredArtifact) => pipeline !== evaluationPipeline;

/** Whether a reference names the artifact: the beginning of its id, or its pipeline. */
export const isNamed = ({ id, pipeline }: StoredArtifact, reference: string): boolean =>
  id.startsWith(reference) || pipeline === reference || pipeline === `data-${reference}`;
