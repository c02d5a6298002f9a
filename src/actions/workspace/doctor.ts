import { existsSync } from 'node:fs';
import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { bestHere, isHere } from '../../backbones/bundled.ts';
import { loadBackbone } from '../../backbones/load-backbone.ts';
import { type BackboneName, backboneNames, backboneTable } from '../../backbones/table.ts';
import { shellWord } from '../../codecs/shell-word.ts';
import type { Config } from '../../config/index.ts';
import { packageRoot } from '../../config/package-root.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { drawLeaf } from '../../vision/sample/draw-leaf.ts';
import { withStore } from '../with-store.ts';
import { type Finding, type Found, look } from './doctor/finding.ts';
import { examineOperation } from './doctor/operation.ts';
import { serverFinding } from './doctor/server.ts';

/**
 * Checks everything that Mitate needs on this machine, and what runs on the workspace if there is one; a failed check does not stop the next.
 * Beside a running server it reads through the server's database.
 */
export async function examine(config: Config): Promise<Finding[]> {
  const exists = existsSync(join(config.workspace, 'workspace.json'));
  const findings: Finding[] = [
    await look('version', async () => JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')).version),
    await look('node', () => `${process.versions.node} on ${process.platform} ${process.arch}`),
    await look('machine', () => `${availableParallelism()} cores, ${(totalmem() / 1e9).toFixed(1)} GB memory`),
    await look('disk', () => freeSpace(config.workspace)),
    await look('workspace', () => writable(config.workspace)),
    ...(await inDatabase(config, exists)),
  ];
  for (const name of backboneNames) findings.push(await look(`backbone ${name}`, () => backbone(name)));
  findings.push(await look('inference', () => inference()));
  return findings;
}

/** One opening for all: the embedded database takes seconds to start. */
async function inDatabase(config: Config, exists: boolean): Promise<Finding[]> {
  let operation: Finding[] = [];
  const database = await look('database', () =>
    withStore(config, { attach: true }, async (store) => {
      const runs = await store.listRuns({ limit: 1 });
      if (exists) operation = await examineOperation(config, store);
      return `${config.databaseUrl === null ? 'PGlite' : 'PostgreSQL'} opens, ${runs.length ? 'has runs' : 'no runs yet'}`;
    }),
  );
  if (exists && operation.length === 0) operation = [await look('server', () => serverFinding(config.workspace, null))];
  return [database, ...operation];
}

async function backbone(name: BackboneName): Promise<Found> {
  if ('wheel' in backboneTable[name] && !isHere(name))
    return {
      level: 'warn',
      said: `not on this machine; "default" is ${bestHere()}.`,
      remedy: `Run: mitate backbone add ${name}`,
    };
  return `${(await loadBackbone(name)).digest.slice(0, 12)}, digest holds`;
}

async function freeSpace(path: string): Promise<string> {
  const { bavail, bsize } = await statfs(await nearestFolder(path));
  return `${((bavail * bsize) / 1e9).toFixed(1)} GB free`;
}

async function nearestFolder(path: string): Promise<string> {
  return await access(path).then(
    () => path,
    () => nearestFolder(dirname(path)),
  );
}

async function writable(path: string): Promise<Found> {
  const folder = await nearestFolder(path);
  await access(folder, constants.W_OK);
  if (folder !== path) return `${path} (will be made)`;
  const mode = (await stat(path)).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return path;
  return {
    level: 'warn',
    said: `${path} can be entered by other users of this machine (mode ${mode.toString(8)}); it has photos and secrets.`,
    remedy: `Run: chmod -R go-rwx ${shellWord(path)}`,
  };
}

/** Draws, decodes and embeds a leaf in a child process: sharp and ONNX Runtime work. */
async function inference(): Promise<string> {
  await using pool = await InferencePool.open({ processes: 1 });
  const backbone = await loadBackbone('mobilenet-v2');
  await pool.loadEmbedder(backbone);
  const started = performance.now();
  const [embedding = new Float32Array()] = await pool.embed(await leafPhoto(), ['plain']);
  return `a drawn leaf became ${embedding.length} numbers in ${(performance.now() - started).toFixed(0)} ms`;
}

async function leafPhoto(): Promise<Uint8Array> {
  const { pixels } = drawLeaf({ seed: 1, size: 128 });
  const { default: sharp } = await import('sharp');
  return await sharp(pixels, { raw: { width: 128, height: 128, channels: 3 } })
    .jpeg()
    .toBuffer();
}
