import { execFile } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Ran, Sandbox } from '../e2e/cli.ts';

/**
 * Mitate as it is where the weights of `efficientnet-lite0` could not be fetched, and never can be: pip reaches no index.
 * @returns runs `mitate ...` of that copy in the sandbox
 */
export function withoutWeights(sandbox: Sandbox, root: string): (...args: string[]) => Promise<Ran> {
  const installed = sandbox.at('installed');
  for (const part of ['bin', 'dist', 'assets', 'examples', 'package.json'])
    cpSync(join(root, part), join(installed, part), {
      recursive: true,
      filter: (path) => !path.includes('efficientnet-lite0'),
    });
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  const { MITATE_WORKSPACE: _, MITATE_DATABASE_URL: __, ...inherited } = process.env;
  const options = { cwd: sandbox.path, env: { ...inherited, PIP_NO_INDEX: '1' } };
  return (...args) =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(installed, 'bin/mitate.js'), ...args], options, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
}
