import { isAbsolute, relative, sep } from 'node:path';

/** Whether an absolute path is below a folder, by its names: links are not resolved. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
