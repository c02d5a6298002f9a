import { join } from 'node:path';
import { safeFileName } from '../pipeline/example-gen/safe-file-name.ts';
import type { GoldenExample } from '../store/golden-store.ts';
import type { OpenStore } from '../store/open-store.ts';

const extensions = { jpeg: 'jpg', png: 'png', webp: 'webp' } as const;

/** Folder of a golden set: a source for ExampleGen's `test`, with a folder per label. */
export function goldenFolder({ workspace, project }: Pick<OpenStore, 'workspace' | 'project'>, set: string): string {
  return join(workspace.golden, encodeURIComponent(project), set);
}

export function goldenPath(
  store: Pick<OpenStore, 'workspace' | 'project'>,
  { set, label, sha256, format }: Pick<GoldenExample, 'set' | 'label' | 'sha256' | 'format'>,
): string {
  return join(goldenFolder(store, set), safeFileName(label), `${sha256}.${extensions[format]}`);
}
