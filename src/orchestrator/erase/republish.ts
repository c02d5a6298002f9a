import { digestOf } from '../../codecs/digest.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import type { Store } from '../../store/store.ts';
import { newId } from '../launcher/ids.ts';

export interface Republisher {
  /** Publishes what `write` writes under the pipeline, step and key of the artifact, which becomes an input beside `more`. */
  publish(
    artifact: StoredArtifact,
    more: readonly { key: string; artifactId: string }[],
    write: (folder: string) => Promise<void>,
  ): Promise<StoredArtifact>;
  /** Ends the runs that it created. */
  finish(): Promise<void>;
}

/** Artifacts are immutable: changed content is published as a new artifact, in one run per pipeline that records why. */
export function republisher(
  store: Store,
  artifacts: ArtifactStore,
  { who, why }: { who: string; why: string },
): Republisher {
  const runs = new Map<string, string>();
  const runOf = async (pipeline: string) => {
    const known = runs.get(pipeline);
    if (known !== undefined) return known;
    const id = newId();
    const parameters = { erase: why };
    const about = { definitionDigest: digestOf(parameters), source: null, gitCommit: null, seed: 0, trigger: 'erase' };
    await store.createRun({ id, pipeline, parameters, who, pid: process.pid, startedAt: new Date(), ...about });
    runs.set(pipeline, id);
    return id;
  };

  return {
    async publish(artifact, more, write) {
      const { pipeline, step, key, type, properties } = artifact;
      const executionId = newId();
      const original = await store.getExecution(artifact.executionId);
      const about = { runId: await runOf(pipeline), step, component: original?.component ?? type, attempt: 1 };
      await store.startExecution({ id: executionId, ...about, cacheKey: null, keyParts: {}, startedAt: new Date() }, [
        { key, artifactId: artifact.id },
        ...more,
      ]);
      const place = { pipeline, step, key, executionId };
      await write(await artifacts.stage(place));
      const published = await artifacts.publish(place);
      const output = { id: newId(), key, type, properties, ...published };
      await store.completeExecution(executionId, { outputs: [output], intents: [], summary: why, who });
      return (await store.getArtifact(output.id))!;
    },

    async finish() {
      for (const id of runs.values()) await store.finishRun(id, 'succeeded', null);
    },
  };
}
