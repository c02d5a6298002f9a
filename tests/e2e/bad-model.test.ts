import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { Blessing } from '../../src/contracts/artifacts/blessing.ts';
import { Random } from '../../src/math/stats/random.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { editSignature, headWith, makeModel, modelBytes, writeModelFolder } from '../support/model-folder.ts';
import { slowedDown } from '../support/slowed-down.ts';
import { parseLines, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

const photos = await drawnPhotos(16, { size: 96 });
const model = await makeModel(
  photos.map(({ bytes }) => bytes),
  ['a', 'b', 'c', 'd'],
);

async function validate(name: string) {
  const { code, stdout } = await sandbox.mitate('model', 'validate', `./${name}`, '--json');
  const [blessing] = parseLines<Blessing>(stdout);
  return { exit: code, refused: blessing!.checks.filter(({ passed }) => !passed) };
}

it('a sound model may serve', async () => {
  writeModelFolder(sandbox.at('sound'), model);
  expect(await validate('sound')).toEqual({ exit: 0, refused: [] });
  const { code, stdout } = await sandbox.mitate('model', 'validate', './sound');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^CHECK +VALUE +THRESHOLD/);
  expect(stdout).toContain('Ready to serve.');
});

const random = new Random(5);
const defects: [string, string, (folder: string) => void][] = [
  [
    'NaN in its answers',
    'MODEL_ANSWERED_NAN',
    (folder) => {
      const head = headWith(model, (_, bias) => ({ bias: bias.fill(Number.NaN, 0, 1) }));
      writeModelFolder(folder, model, { bytes: modelBytes(model, head) });
    },
  ],
  [
    'wrong shape',
    'INFRA_SHAPE_WRONG',
    (folder) => {
      writeModelFolder(folder, model);
      editSignature(folder, ({ outputs }) => ({
        outputs: outputs.map((output) => (output.name === 'embedding' ? { ...output, shape: [-1, 1280] } : output)),
      }));
    },
  ],
  [
    'a flipped byte',
    'MODEL_DIGEST_MISMATCH',
    (folder) => {
      writeModelFolder(folder, model);
      const path = `${folder}/Format-Serving/model.onnx`;
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(path, bytes);
    },
  ],
  [
    'ten times slower',
    'INFRA_TOO_SLOW',
    (folder) => void writeModelFolder(folder, model, { bytes: slowedDown(model, 24) }),
  ],
  [
    'worse accuracy',
    'INFRA_ACCURACY_WORSE',
    (folder) => {
      const head = headWith(model, (weight) => ({ weight: weight.map((w) => w + 0.5 * random.normal()) }));
      writeModelFolder(folder, model, { bytes: modelBytes(model, head) });
    },
  ],
  [
    'a file that is gone',
    'MODEL_FILE_MISSING',
    (folder) => {
      writeModelFolder(folder, model);
      rmSync(`${folder}/Format-Serving/model.onnx`);
    },
  ],
];

it.each(defects)('%s is refused with %s', async (name, code, write) => {
  const folder = name.replaceAll(' ', '-');
  write(sandbox.at(folder));
  const { exit, refused } = await validate(folder);
  expect(exit).toBe(1);
  expect(refused[0]).toMatchObject({ code, message: expect.stringMatching(/.{20}/) });
});
