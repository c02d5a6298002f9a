/** A forked module that does as it is told. */
import { writeSync } from 'node:fs';
import { MitateError } from '../../src/errors/index.ts';
import { Child } from '../../src/processes/child.ts';
import { serveParent } from '../../src/processes/serve-parent.ts';

export type Script =
  | { kind: 'echo'; value: unknown; afterMs?: number }
  | { kind: 'spin' | 'die' | 'throw catalogue error' | 'throw other error' | 'fork' };

export const scriptedChild = new URL(import.meta.url);

async function follow(script: Script): Promise<unknown> {
  switch (script.kind) {
    case 'echo':
      await new Promise((resolve) => setTimeout(resolve, script.afterMs ?? 0));
      return script.value;
    case 'spin':
      for (;;);
    case 'die':
      writeSync(2, 'out of luck');
      return process.exit(3);
    case 'throw catalogue error':
      throw new MitateError('FILE_UNREADABLE', { path: '/x', reason: 'gone' });
    case 'throw other error':
      throw new TypeError('x is not a function');
    case 'fork': {
      const grandchild = new Child<Script>(scriptedChild);
      await grandchild.started;
      return grandchild.pid;
    }
  }
}

if (process.send) serveParent(follow);
