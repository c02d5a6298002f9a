import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** As an editor that saves the file unchanged. */
function touch(path: string): void {
  const { atime } = statSync(path);
  utimesSync(path, atime, new Date());
}

it('npm run dev: the server restarts when a source file changes, and leaves no workspace behind', async () => {
  const dev = spawn(process.execPath, ['scripts/dev.ts', 'serve', '--port', '0', '--no-auth', '--json'], { cwd: root });
  const ended = once(dev, 'exit');
  const started = createInterface(dev.stdout)[Symbol.asyncIterator]();
  const messages: string[] = [];
  dev.stderr.setEncoding('utf8').on('data', (text: string) => messages.push(text));
  const answer = async () => {
    const { value } = await started.next();
    return (await fetch(`${JSON.parse(value!).url}/livez`)).status;
  };
  try {
    expect(await answer()).toBe(200);
    const [, workspace = ''] = /scratch workspace (.+)/.exec(messages.join(''))!;
    expect(existsSync(workspace)).toBe(true);
    touch(`${root}/src/index.ts`);
    expect(await answer()).toBe(200);
    expect(messages.join('')).toContain('dev: index.ts changed');
    dev.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(existsSync(workspace)).toBe(false);
  } finally {
    dev.kill('SIGTERM');
  }
});
