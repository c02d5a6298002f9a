import { cp } from 'node:fs/promises';
import { digestOf } from '../../codecs/digest.ts';
import type { Artifact } from '../../contracts/artifact.ts';
import { storedError } from '../../contracts/run.ts';
import { MitateError, toMitateError } from '../../errors/index.ts';
import { localArtifacts } from '../../store/artifacts/fs.ts';
import type { PublishedOutput } from '../../store/runs/contract.ts';
import type { Store } from '../../store/store.ts';
import { workspaceAt } from '../../store/workspace/workspace.ts';
import { newId } from '../launcher/ids.ts';
import { whoAmI } from '../launcher/who.ts';
import type { IntentsFile } from './intents-file.ts';

export interface Imported {
  store: Store;
  /** Absolute path of the workspace's folder. */
  workspace: string;
  intents: IntentsFile;
  /** Folder with the files of the PushedModel. */
  pushed: string;
  /** Folder with the files of the model. */
  model: string;
  now: () => Date;
}

/** What was registered. */
export interface ImportedModel {
  runId: string;
  modelName: string;
  version: number;
  /** That it is deployed to or to be promoted on; null = none. */
  endpoint: string | null;
}

/**
 * Does what a step without a database wanted: copies the model into the workspace, and records a run whose Pusher registers and deploys it
 * in one transaction. A model that is registered keeps its version.
 * @throws INTENTS_INVALID, ARTIFACT_DIGEST_MISMATCH, DISK_FULL
 */
export async function importIntents({
  store,
  workspace,
  intents: file,
  pushed,
  model,
  now,
}: Imported): Promise<ImportedModel> {
  const [intent] = file.intents;
  if (intent.kind !== 'push-model' || file.model.type !== 'Model')
    throw new MitateError('INTENTS_INVALID', { uri: pushed, reason: 'no model is to be pushed' });
  const { modelName } = intent;
  const { pipeline = modelName, step, job } = file;
  const [startedAt, who] = [now(), whoAmI()];
  const runId = newId(startedAt.getTime());
  await store.createRun({
    ...{ id: runId, pipeline, parameters: {}, seed: 0, definitionDigest: digestOf({ imported: pipeline }) },
    ...{ source: null, gitCommit: null, who, pid: process.pid, trigger: 'import', startedAt },
    note: job === null ? 'imported' : `imported from ${job}`,
  });
  const artifacts = localArtifacts(workspaceAt(workspace).artifacts);
  const publish = async (from: string, name: string, key: string, executionId: string) => {
    const place = { pipeline, step: name, key, executionId };
    await cp(from, await artifacts.stage(place), { recursive: true });
    return await artifacts.publish(place);
  };
  const begin = async (name: string, component: string, inputs: { key: string; artifactId: string }[]) => {
    const id = newId(now().getTime());
    const execution = { id, runId, step: name, component, attempt: 1, cacheKey: null, keyParts: {}, startedAt };
    await store.startExecution(execution, inputs);
    return id;
  };
  const complete = (id: string, output: PublishedOutput, intents: IntentsFile['intents'] | []) =>
    store.completeExecution(id, { outputs: [output], intents: [...intents], summary: 'imported', who });

  try {
    const training = await begin('trainer', 'Trainer', []);
    const { id: givenId, properties, digest } = file.model;
    const known = await store.getArtifact(givenId);
    const made = await publish(model, 'trainer', 'model', training);
    if (made.digest !== digest)
      throw new MitateError('ARTIFACT_DIGEST_MISMATCH', { uri: model, expected: digest, got: made.digest });
    const id = known === null ? givenId : newId(now().getTime());
    await complete(training, { id, key: 'model', type: 'Model', ...made, properties }, []);
    const pushing = await begin(step, 'Pusher', [{ key: intent.input, artifactId: id }]);
    const files = await publish(pushed, step, intent.output, pushing);
    const output: PublishedOutput = {
      ...{ id: newId(now().getTime()), key: intent.output, type: 'PushedModel', ...files },
      properties: { pushed: 1, model_name: modelName },
    };
    // a folder that the file names is one of the job's machine, and a bucket may not choose one of this machine
    const { destination: _, ...here } = intent;
    const [registered] = await complete(pushing, output, [here]);
    await store.finishRun(runId, 'succeeded', null);
    return { runId, modelName, version: versionOf(registered), endpoint: intent.endpoint ?? null };
  } catch (thrown) {
    await store.finishRun(runId, 'failed', storedError(toMitateError(thrown)));
    throw thrown;
  }
}

const versionOf = (artifact: Artifact | undefined) => Number(artifact?.properties.version);
