import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { nameSchema, stageSchema } from '../contracts/access.ts';
import { recordOf } from '../contracts/record-of.ts';
import { firstIssue, MitateError, reasonOf } from '../errors/index.ts';
import { resolveOurselves } from './resolve-ourselves.ts';

const common = {
  project: nameSchema.default('default'),
  stage: stageSchema.default('dev'),
  /** For pipelines that run there; override the tested ones, such as the source of photos. */
  parameters: recordOf(z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** Number of successful runs required in another environment before a release is deployed here. */
  after: z.strictObject({ environment: z.string(), goodRuns: z.int().positive().default(1) }).optional(),
};

const variableName = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'the NAME of a variable, such as MITATE_PROD_KEY');

const environmentSchema = z.union(
  [
    z.strictObject({
      ...common,
      workspace: z.string().min(1),
      /** Name of the variable with its PostgreSQL URL; absent = the embedded database. */
      databaseEnv: variableName.optional(),
    }),
    z.strictObject({
      ...common,
      server: z.url({ protocol: /^https?$/ }),
      /** Name of the variable with the API key, which must not be in a file. */
      keyEnv: variableName,
    }),
  ],
  { error: 'it needs either "workspace" (a folder), or "server" (a URL) with "keyEnv" (the name of a variable)' },
);

const configFileSchema = z
  .strictObject({ environments: z.record(nameSchema, environmentSchema).default({}) })
  .check(({ value: { environments }, issues }) => {
    for (const [name, { after }] of Object.entries(environments)) {
      if (after === undefined || (after.environment !== name && Object.hasOwn(environments, after.environment)))
        continue;
      const message = 'the name of another environment of this file';
      issues.push({ code: 'custom', input: after, path: ['environments', name, 'after', 'environment'], message });
    }
  });

/** Content of `mitate.config.ts`. */
export type ProjectConfig = z.input<typeof configFileSchema>;

/** A workspace or server where pipelines run. */
export type Environment = z.output<typeof environmentSchema> & { name: string };

interface Environments {
  /** Of mitate.config.ts; null = none. */
  file: string | null;
  all: Environment[];
}

export const configFileNames = ['mitate.config.ts', 'mitate.config.mts', 'mitate.config.js', 'mitate.config.mjs'];

/** Identity function that types the configuration. */
export const defineConfig = (config: ProjectConfig): ProjectConfig => config;

/**
 * The environments of the nearest mitate.config.ts in `from` or above; workspaces are relative to its folder.
 * The file is project code, like a pipeline: commands that need it load it, servers never do.
 * @throws CONFIG_FILE_INVALID
 */
export async function loadEnvironments(from = process.cwd()): Promise<Environments> {
  const file = findUpwards(resolve(from));
  if (file === null) return { file: null, all: [] };
  const { environments } = parse(file, await load(file));
  const all = Object.entries(environments).map(([name, environment]) =>
    'workspace' in environment
      ? { ...environment, name, workspace: resolve(dirname(file), environment.workspace) }
      : { ...environment, name },
  );
  return { file, all };
}

/** @throws CONFIG_FILE_INVALID, ENVIRONMENT_UNKNOWN */
export async function requireEnvironment(name: string, from?: string): Promise<Environment> {
  const { file, all } = await loadEnvironments(from);
  const found = all.find((each) => each.name === name);
  if (found) return found;
  const known = all.map((each) => each.name).join(', ') || 'none';
  throw new MitateError('ENVIRONMENT_UNKNOWN', {
    name,
    file: file ?? `mitate.config.ts (neither in ${resolve(from ?? process.cwd())} nor above it)`,
    known,
  });
}

export function environmentKey({ name, keyEnv }: { name: string; keyEnv: string }, env = process.env): string {
  const key = env[keyEnv];
  if (key) return key;
  throw new MitateError('ENVIRONMENT_KEY_MISSING', { name, variable: keyEnv });
}

function findUpwards(start: string): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = configFileNames.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (folder === dirname(folder)) return null;
  }
}

async function load(path: string): Promise<unknown> {
  resolveOurselves();
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    if (module.default === undefined) throw new Error('it has no default export');
    return module.default;
  } catch (error) {
    const reason = reasonOf(error);
    throw new MitateError('CONFIG_FILE_INVALID', { path, reason }, { cause: error });
  }
}

/** The error has place and cause, never the value: it may be a key in the wrong place. */
function parse(path: string, value: unknown): z.output<typeof configFileSchema> {
  const parsed = configFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MitateError('CONFIG_FILE_INVALID', { path, reason: firstIssue(parsed.error) });
}
