import { execFileSync, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { root } from './cli.ts';

const isThere = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const missing = ['podman', 'runc', 'mmdebstrap'].filter((program) => !isThere(program));
if (process.getuid?.() !== 0) missing.push('root');
if (missing.length > 0) console.warn(`The image is not built: ${missing.join(', ')} missing (deploy/test-image.sh).`);

it.skipIf(missing.length > 0)(
  'the image builds, and trains, serves and drains read-only as its unprivileged user (it did not build)',
  () => {
    using folder = new ScratchFolder();
    const said = execFileSync('deploy/test-image.sh', [folder.path], { cwd: root, encoding: 'utf8' });
    expect(said).toMatch(/user 10001:10001/);
    expect(said).toMatch(/unwell|healthy/);
    expect(said).toMatch(/Drained and exited with 0\.\n$/);
  },
);
