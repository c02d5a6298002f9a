import { join } from 'node:path';
import { safeFileName } from '../codecs/safe-file-name.ts';
import type { GoldenPhoto } from '../contracts/loop/golden.ts';
import type { Workspace } from '../store/workspace/workspace.ts';

const extensions = { jpeg: 'jpg', png: 'png', webp: 'webp' } as const;

interface Place {
  workspace: Pick<Workspace, 'golden'>;
  project: string;
}

/** Folder of a golden set, with a folder per label: a source for ExampleGen's `test`. */
export function goldenFolder({ workspace, project }: Place, set: string): string {
  return join(workspace.golden, encodeURIComponent(project), set);
}

export function goldenPath(
  place: Place,
  { set, label, sha256, format }: Pick<GoldenPhoto, 'set' | 'label' | 'sha256' | 'format'>,
): string {
  return join(goldenFolder(place, set), safeFileName(label), `${sha256}.${extensions[format]}`);
}
