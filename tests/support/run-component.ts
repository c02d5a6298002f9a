import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { sha256 } from '../../src/codecs/digest.ts';
import type { Artifact, ArtifactType, Properties } from '../../src/contracts/artifact.ts';
import type { Capabilities, ComponentSpec, RunContext, RunResult } from '../../src/contracts/component.ts';

/** An artifact as the launcher would hand it over. Its id and digest are of its place: enough for a component. */
export function artifactAt(type: ArtifactType, uri: string, properties: Properties = {}): Artifact {
  return { id: uri, type, uri, digest: sha256(uri), properties };
}

export interface Ran {
  /** Output key -> folder. */
  outputs: Record<string, string>;
  result: RunResult;
  log: { level: string; message: string; fields?: Record<string, unknown> }[];
}

/** Runs a component the way the launcher does: parameters parsed, outputs empty folders under `folder`. */
export async function runComponent<S extends ComponentSpec>(
  spec: S,
  // biome-ignore lint/suspicious/noExplicitAny: a run takes the context of its own spec
  run: (context: any) => Promise<RunResult<any>>,
  folder: string,
  given: {
    inputs?: Record<string, Artifact | undefined>;
    parameters?: z.input<S['parameters']>;
    signal?: AbortSignal;
    /** Default 1. */
    processes?: number;
    /** Default 7. */
    seed?: number;
    progress?: RunContext['progress'];
    /** Default: it stands still. */
    now?: () => Date;
  },
): Promise<Ran> {
  const outputs = outputFolders(spec, folder);
  const log: Ran['log'] = [];
  const at = (level: string) => (message: string, fields?: Record<string, unknown>) =>
    void log.push({ level, message, ...(fields && { fields }) });
  const context: RunContext & Capabilities = {
    inputs: (given.inputs ?? {}) as RunContext['inputs'],
    outputs,
    parameters: spec.parameters.parse(given.parameters ?? {}),
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    progress: given.progress ?? (() => {}),
    now: given.now ?? (() => new Date(0)),
    run: { id: 'run-1', pipeline: 'leaf' },
    seed: given.seed ?? 7,
    signal: given.signal ?? new AbortController().signal,
    cacheDir: join(folder, 'cache'),
    processes: given.processes ?? 1,
    golden: { photos: async () => [], fileOf: () => '' },
    erasures: { among: async () => new Set() },
  };
  return { outputs, result: await run(context), log };
}

function outputFolders(spec: ComponentSpec, folder: string): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  const base = mkdtempSync(join(folder, `${spec.name}-`));
  return Object.fromEntries(
    Object.keys(spec.outputs).map((key) => {
      const path = join(base, key);
      mkdirSync(path, { recursive: true });
      return [key, path];
    }),
  );
}
