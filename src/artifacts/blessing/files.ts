import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../../contracts/artifact.ts';
import { type Blessing, blessingSchema } from '../../contracts/artifacts/blessing.ts';
import { MitateError } from '../../errors/index.ts';
import { readArtifactJson, writeArtifactJson } from '../artifact-json.ts';

/** TFX's empty files, whose name is the verdict. */
const verdictFiles = {
  model: { yes: 'BLESSED', no: 'NOT_BLESSED' },
  infra: { yes: 'INFRA_BLESSED', no: 'INFRA_NOT_BLESSED' },
} as const;
export type BlessingKind = keyof typeof verdictFiles;

/** The verdict file, and `blessing.json` with every check. */
export async function writeBlessing(folder: string, blessing: Blessing, kind: BlessingKind): Promise<void> {
  const { yes, no } = verdictFiles[kind];
  await writeFile(join(folder, blessing.blessed ? yes : no), '');
  await writeArtifactJson(join(folder, 'blessing.json'), blessing);
}

/**
 * The verdict of a blessing artifact. The empty file decides, as in TFX; `blessing.json` must agree with it.
 * @throws BLESSING_UNREADABLE, FILE_UNREADABLE, ARTIFACT_FILE_INVALID
 */
export async function readBlessing(uri: string, kind: BlessingKind): Promise<Blessing> {
  const { yes, no } = verdictFiles[kind];
  const names = await readdir(uri).catch((cause: Error) => {
    throw new MitateError('BLESSING_UNREADABLE', { path: uri, reason: cause.message }, { cause });
  });
  const [blessed, refused] = [names.includes(yes), names.includes(no)];
  if (blessed === refused)
    throw new MitateError('BLESSING_UNREADABLE', { path: uri, reason: `expected either ${yes} or ${no}` });
  const blessing = await readArtifactJson(join(uri, 'blessing.json'), blessingSchema);
  if (blessing.blessed === blessed) return blessing;
  throw new MitateError('BLESSING_UNREADABLE', {
    path: uri,
    reason: `blessing.json contradicts ${blessed ? yes : no}`,
  });
}

/** A verdict that is wired to a step. */
export interface ConnectedBlessing {
  kind: BlessingKind;
  blessed: boolean;
  message: string;
}

/**
 * The verdicts of a step's blessing inputs. A wired input without an artifact (an Evaluator without thresholds blesses nothing) counts as not blessed;
 * one that is not wired does not count.
 */
export async function connectedBlessings(inputs: {
  blessing?: Artifact | undefined;
  infraBlessing?: Artifact | undefined;
}): Promise<ConnectedBlessing[]> {
  const ports = [
    ['blessing', 'model'],
    ['infraBlessing', 'infra'],
  ] as const;
  const found = ports.filter(([key]) => key in inputs).map(([key, kind]) => verdictOf(inputs[key], kind));
  return Promise.all(found);
}

async function verdictOf(artifact: Artifact | undefined, kind: BlessingKind): Promise<ConnectedBlessing> {
  if (artifact === undefined) return { kind, blessed: false, message: 'no verdict was given' };
  const { blessed, message } = await readBlessing(artifact.uri, kind);
  return { kind, blessed, message };
}
