/** Entry of a process that lists one folder: a call to a file system that hangs cannot be given up, a process can. */
import { serveParent } from '../../processes/serve-parent.ts';
import { listFolder } from './list-folder.ts';

export interface ListFolder {
  trigger: string;
  folder: string;
}

serveParent(({ trigger, folder }: ListFolder) => listFolder(trigger, folder));
