import { resolve } from 'node:path';
import { defaultProject, nameSchema } from '../contracts/access.ts';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** Folders and remote prefixes from which requests over HTTP may name data. */
export interface DataRoots {
  /** For every project. */
  readonly all: readonly string[];
  /** By project, beside those for all. */
  readonly projects: Readonly<Record<string, readonly string[]>>;
}

const remote = /^(?:s3|https?):\/\/[^/?#@\\]+(?:\/[^?#\\]*)?$/i;

/**
 * `MITATE_DATA_ROOTS`, separated by commas: folders, `s3://bucket/prefix` and `https://host/path`, each for all projects or, as `project=place`, for
 * one. Default: the pipelines folder for the project `default`.
 */
export function resolveDataRoots({ env, cwd }: Pick<ConfigSources, 'env' | 'cwd'>, pipelines: string): DataRoots {
  if (!env.MITATE_DATA_ROOTS) return { all: [], projects: { [defaultProject]: [pipelines] } };
  const roots = { all: [] as string[], projects: Object.create(null) as Record<string, string[]> };
  for (const entry of env.MITATE_DATA_ROOTS.split(',').flatMap((each) => each.trim() || [])) {
    const [, project, place = ''] = /^(?:([^=/:]+)=)?(.+)$/.exec(entry) ?? [];
    if (project === undefined) roots.all.push(rootOf(place, cwd));
    else if (!nameSchema.safeParse(project).success) throw invalid(entry);
    else roots.projects[project] = [...(roots.projects[project] ?? []), rootOf(place, cwd)];
  }
  return roots;
}

function rootOf(place: string, cwd: string): string {
  if (!place.includes('://')) return resolve(cwd, place);
  if (remote.test(place)) return place;
  throw invalid(place);
}

const invalid = (entry: string) =>
  new MitateError('CONFIG_INVALID', {
    setting: 'MITATE_DATA_ROOTS',
    expected: `folders, s3://bucket/prefix or https://host/path, optionally as project=place, separated by commas; got "${entry}"`,
  });
