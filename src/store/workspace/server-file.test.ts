import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { identify } from './process-identity.ts';
import { readServerFile, writeServerFile } from './server-file.ts';

const address = { url: 'http://127.0.0.1:8080', token: 'secret' };

it("has the server's address, for the owner only, while the server runs", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'server.json');
  expect(readServerFile(folder.path)).toBeNull();
  {
    using _written = writeServerFile(folder.path, address);
    expect(readServerFile(folder.path)).toEqual(address);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
  expect(readServerFile(folder.path)).toBeNull();

  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(other, 'spawn');
  writeFileSync(file, JSON.stringify({ ...address, ...identify(other.pid!) }));
  expect(readServerFile(folder.path)).toEqual(address);
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(readServerFile(folder.path)).toBeNull();
});

it('is not removed by a server that was replaced', () => {
  using folder = temporaryFolder();
  const older = writeServerFile(folder.path, address);
  using _newer = writeServerFile(folder.path, { ...address, token: 'another' });
  older[Symbol.dispose]();
  expect(readServerFile(folder.path)).toMatchObject({ token: 'another' });
  expect(readFileSync(join(folder.path, 'server.json'), 'utf8')).not.toContain('secret');
});
