import type { Workspace } from '../../store/workspace/workspace.ts';
import type { Limits } from './code-child.ts';
import type { Rights } from './rights.ts';

/** Where the code of a run runs, and how far it reaches. */
export interface Containment extends Limits {
  env: Rights['env'];
  /** Folders that released code may read, besides its own and its inputs; URLs that its built-in components may. */
  reads: readonly string[];
  /** Folders to which it may have models copied. */
  writes: readonly string[];
  workspace: Pick<Workspace, 'dir' | 'golden'>;
  project: string;
  /** A release: code that somebody sent. It may touch nothing but its own files, its inputs and its outputs. */
  isReleased: boolean;
  signal?: AbortSignal;
}
