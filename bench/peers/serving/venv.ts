import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Makes the virtual environment in which the peers run, from `requirements.txt`. @returns its bin folder */
export async function virtualEnvironment(folder: string, log: (text: string) => void): Promise<string> {
  const bin = join(folder, 'bin');
  const done = join(folder, 'complete');
  if (existsSync(done)) return bin;
  log('installing the peers from PyPI');
  await run('python3', ['-m', 'venv', folder]);
  await run(join(bin, 'pip'), ['install', '--quiet', '--requirement', path('./requirements.txt')]);
  await run('touch', [done]);
  return bin;
}

/** Versions that are installed, of the packages of `requirements.txt`. */
export async function versions(bin: string): Promise<Map<string, string>> {
  const { stdout } = await run(join(bin, 'pip'), ['list', '--format=json']);
  const packages = JSON.parse(stdout) as { name: string; version: string }[];
  return new Map(packages.map(({ name, version }) => [name.toLowerCase(), version]));
}
