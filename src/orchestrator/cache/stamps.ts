import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import { listFiles } from '../../store/artifacts/tree-digest.ts';

/** Path, size and mtime of an artifact's files. While these are the same, the 300 MB of a run are not read again to verify their digest. */
async function look(uri: string): Promise<string> {
  const seen: [string, number, number][] = [];
  for (const path of await listFiles(uri)) {
    const { size, mtimeMs } = await stat(join(uri, path));
    seen.push([path, size, mtimeMs]);
  }
  return JSON.stringify(seen);
}

function stampPath(cacheDir: string, artifactId: string): string {
  return join(cacheDir, 'artifact-stamps', `${artifactId}.json`);
}

/** To be called when the digest has just been computed. A stamp left half written by a kill matches nothing. */
export async function stampArtifact(cacheDir: string, artifact: { id: string; uri: string }): Promise<void> {
  const path = stampPath(cacheDir, artifact.id);
  const seen = await look(artifact.uri);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, seen);
}

function readStamp(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Throws ARTIFACT_MISSING, ARTIFACT_DIGEST_MISMATCH. */
export async function checkArtifact(
  artifacts: ArtifactStore,
  cacheDir: string,
  artifact: { id: string; uri: string; digest: string },
): Promise<void> {
  const stamp = readStamp(stampPath(cacheDir, artifact.id));
  if (stamp !== null && stamp === (await look(artifact.uri).catch(() => null))) return;
  await artifacts.verify(artifact.uri, artifact.digest);
  await stampArtifact(cacheDir, artifact);
}
