import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { workspaceSecret } from './secret.ts';

it('a damaged secret file is an error with a remedy (it was reported as a bug of Mitate)', async () => {
  using folder = temporaryFolder();
  const secret = await workspaceSecret(folder.path, 'link');
  expect(await workspaceSecret(folder.path, 'link')).toEqual(secret);
  const path = join(folder.path, 'link.secret');
  writeFileSync(path, 'abc');
  await expect(workspaceSecret(folder.path, 'link')).rejects.toMatchObject({
    code: 'WORKSPACE_SECRET_DAMAGED',
    message: expect.stringContaining(path),
  });
  rmSync(path);
  expect(await workspaceSecret(folder.path, 'link')).not.toEqual(secret);
});
