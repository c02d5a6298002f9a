import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { ExportedCorrections } from '../../contracts/api/data.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import type { Correction } from '../../contracts/loop/correction.ts';
import { MitateError } from '../../errors/index.ts';
import { type Correction as Line, readCorrections, writeCorrections } from '../../sources/corrections.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findDataSet } from '../datasets/find-data-set.ts';
import { commandOf } from '../datasets/flywheel/next-run.ts';
import { correctionsOf } from '../datasets/suspicious.ts';
import { confinePlace } from '../places/confine.ts';

type Store = Pick<OpenStore, 'listArtifacts' | 'corrections' | 'audited' | 'project' | 'getExecution' | 'getRun'>;
const mostCorrections = 1_000_000;

/**
 * Writes the decisions that stand into the corrections file of a data set, over those that are there: the next run makes a new span with them.
 * @throws DATA_NOT_FOUND, PLACE_OUTSIDE, MANIFEST_INVALID, CORRECTIONS_INVALID, CORRECTIONS_NO_FILE
 */
export async function exportCorrections(
  config: Pick<Config, 'workspace' | 'pipelines' | 'dataRoots'>,
  store: Store,
  { data, to, actor }: { data?: string | undefined; to?: string | undefined; actor: Actor },
): Promise<ExportedCorrections> {
  const confined = (place: string) => confinePlace({ config, project: store.project }, place, 'write');
  const given = to === undefined ? undefined : await confined(to);
  const examples = await findDataSet(store, 'Examples', data);
  const known = correctionsOf(examples.properties);
  if (given === undefined && known === undefined)
    throw new MitateError('CORRECTIONS_NO_FILE', { data: examples.pipeline });
  const file = given ?? (await confined(known!));
  const before = await readCorrections(file);
  const after = new Map(before);
  for (const [sha256, { stands, takenBack }] of await decisionsOf(store, examples.pipeline)) {
    const line = before.get(sha256);
    if (stands === undefined) {
      // taken back after it was written
      if (line && takenBack.has(line.label)) after.delete(sha256);
      continue;
    }
    const { filename, given } = stands;
    // what the source says, also when this data set was made with an earlier correction
    const source = line?.given ?? given;
    const label = labelIn(stands);
    if (label === source) after.delete(sha256);
    else after.set(sha256, { sha256, label, given: source, filename });
  }
  const changed = countChanged(before, after);
  const excluded = [...after.values()].filter(({ label }) => label === null).length;
  const counts = { relabelled: after.size - excluded, excluded, changed };
  await store.audited(
    async () => {
      if (changed > 0) await writeCorrections(file, after.values());
    },
    { actor, action: 'correction.export', subject: examples.pipeline, details: { data: examples.id, file, ...counts } },
  );
  const command = await commandFor(store, examples, config.pipelines);
  return { examples: examples.id, file, isRead: file === known, ...counts, command };
}

const labelIn = ({ kind, label }: Correction): string | null => (kind === 'exclude' ? null : label);

/** By photo the one that stands, and the labels of those that were taken back. */
async function decisionsOf({ corrections }: Pick<Store, 'corrections'>, pipeline: string) {
  const decisions = new Map<string, { stands?: Correction; takenBack: Set<string | null> }>();
  // the newest first
  for (const each of await corrections.list({ pipeline, limit: mostCorrections })) {
    const of = decisions.get(each.sha256) ?? { takenBack: new Set() };
    if (each.revertedAt === null) of.stands ??= each;
    else of.takenBack.add(labelIn(each));
    decisions.set(each.sha256, of);
  }
  return decisions;
}

function countChanged(before: ReadonlyMap<string, Line>, after: ReadonlyMap<string, Line>): number {
  const changed = [...after].filter(
    ([sha256, { label }]) => !before.has(sha256) || before.get(sha256)!.label !== label,
  );
  return changed.length + [...before.keys()].filter((sha256) => !after.has(sha256)).length;
}

/** The run that made the data set, again. */
async function commandFor(store: Store, { executionId }: StoredArtifact, cwd: string): Promise<string | null> {
  const execution = await store.getExecution(executionId);
  const run = execution && (await store.getRun(execution.runId));
  if (!run?.source) return null;
  const given = Object.entries(run.parameters).filter(([, value]) => value !== null);
  const parameters = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  return commandOf({ file: run.source, parameters, readsSpans: true }, cwd);
}
