import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/index.ts';
import { type ImportedModel, importIntents } from '../../orchestrator/engine/import-intents.ts';
import { readIntents } from '../../orchestrator/engine/intents-file.ts';
import { pathOfUri } from '../../orchestrator/engine/uri-path.ts';
import { LocalCopies } from '../../store/shared/local-copies.ts';
import { SharedArtifacts } from '../../store/shared/shared-artifacts.ts';
import type { Store } from '../../store/store.ts';
import { workspaceAt } from '../../store/workspace/workspace.ts';

export interface ImportRequest {
  config: Config;
  /** Of the PushedModel of a job: `gs://`, `s3://`, `minio://` or an absolute path. */
  uri: string;
  signal: AbortSignal;
}

/**
 * Brings the model that a job on an engine pushed without a database into the workspace, and registers and deploys it as the job wanted.
 * @throws INTENTS_MISSING, INTENTS_INVALID, ARTIFACT_MISSING, ARTIFACT_DIGEST_MISMATCH, ARTIFACT_OBJECT_DAMAGED, ENGINE_URI_UNKNOWN, BUCKET_*, GOOGLE_CREDENTIALS_*
 */
export async function importRun(store: Store, { config, uri, signal }: ImportRequest): Promise<ImportedModel> {
  const { folder, maxBytes } = config.artifactCopies;
  const { cache } = workspaceAt(config.workspace);
  await using copies = await LocalCopies.open(folder ?? join(cache, 'copies'), maxBytes);
  const shared = new SharedArtifacts(copies, signal);
  const pushed = await shared.download(shownAs(uri));
  const intents = await readIntents(pushed, uri);
  const model = await shared.download(shownAs(intents.model.uri), intents.model.digest);
  return await importIntents({
    ...{ store, intents, pushed, model },
    workspace: config.workspace,
    now: () => new Date(),
  });
}

/** The folder as which this machine shows the bucket, if it does. */
function shownAs(uri: string): string {
  const path = pathOfUri(uri);
  return existsSync(path) ? path : uri;
}
