import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isBelow, isUrl } from '../../codecs/url-place.ts';
import type { Config } from '../../config/index.ts';
import { MitateError } from '../../errors/index.ts';
import { isInside } from '../../files/is-inside.ts';
import { mayTouch } from '../../files/may-touch.ts';
import { workspaceAt } from '../../store/workspace/workspace.ts';

export interface Confinement {
  config: Pick<Config, 'workspace' | 'pipelines' | 'dataRoots'>;
  project: string;
}

/**
 * A place that came over HTTP, as the absolute path behind all links or as the URL that it is; a relative one is relative to the pipelines
 * folder. It must be inside the project's data roots, and only the project's own data of the workspace. The refusal does not depend on what exists.
 * @throws PLACE_OUTSIDE
 */
export async function confinePlace(
  { config, project }: Confinement,
  place: string,
  use: 'read' | 'write' = 'read',
): Promise<string> {
  const { all, projects } = config.dataRoots;
  const roots = [...all, ...(Object.hasOwn(projects, project) ? projects[project]! : [])];
  const allowed = isUrl(place)
    ? use === 'read' && roots.some((root) => isUrl(root) && isBelow(root, place)) && place
    : await realInside(
        config,
        project,
        roots.filter((root) => !isUrl(root)),
        place,
        use,
      );
  if (!allowed) throw new MitateError('PLACE_OUTSIDE', { project, place });
  return allowed;
}

async function realInside(
  { workspace, pipelines }: Confinement['config'],
  project: string,
  roots: readonly string[],
  place: string,
  use: 'read' | 'write',
): Promise<string | null> {
  if (place.includes('\0')) return null;
  const { dir, data, golden } = workspaceAt(workspace);
  const own = [data, ...(use === 'read' ? [golden] : [])].map((folder) => join(folder, project));
  const path = resolve(pipelines, place);
  const real = await realPath(path);
  const home = (await realPath(dir)) ?? dir;
  const inAny = async (folders: readonly string[]) => {
    for (const folder of folders) {
      const behind = await realPath(folder);
      const isNamed = contains(folder, path) || (behind !== null && contains(behind, path));
      if (isNamed && behind !== null && real !== null && contains(behind, real)) return true;
    }
    return false;
  };
  if (await inAny(own)) return real;
  if (!(await inAny(roots)) || contains(home, real!) || wouldWalk(real!, home)) return null;
  // filled in later, `{SPAN}` may lead into it
  if (/[{}]/.test(place) && mayTouch(real!, home)) return null;
  return real;
}

const contains = (folder: string, path: string) => folder === path || isInside(folder, path);

/** Whether a folder has the workspace in it where a walk finds it: sources pass over hidden folders. */
function wouldWalk(folder: string, workspace: string): boolean {
  if (!isInside(folder, workspace)) return false;
  return !relative(folder, workspace)
    .split(sep)
    .some((name) => name.startsWith('.'));
}

/** Where links lead; of a path that does not exist, its existing part. Null for a link to nowhere, or what cannot be looked at. */
async function realPath(path: string): Promise<string | null> {
  try {
    await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) return null;
    const parent = await realPath(dirname(path));
    return parent && join(parent, basename(path));
  }
  return await realpath(path).catch(() => null);
}
