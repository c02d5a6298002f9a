import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import {
  answersOf,
  editSignature,
  headWith,
  makeModel,
  modelBytes,
  writeModelFolder,
} from '../../../tests/support/model-folder.ts';
import { writePhotoExamples } from '../../../tests/support/photo-examples.ts';
import { artifactAt, runComponent } from '../../../tests/support/run-component.ts';
import { slowedDown } from '../../../tests/support/slowed-down.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { Random } from '../../math/stats/random.ts';
import { run } from './run.ts';
import { infraBudgetSchema, infraValidatorSpec } from './spec.ts';
import { validateModel } from './validate-model.ts';

const photos = await drawnPhotos(24, { size: 96 });
const model = await makeModel(
  photos.map((photo) => photo.bytes),
  ['a', 'b', 'c', 'd'],
);

async function examplesIn(folder: string): Promise<string> {
  const uri = join(folder, 'examples');
  const truths = answersOf(model);
  const labelled = photos.map((photo, i) => ({ ...photo, label: truths[i]!, split: 'eval' as const }));
  await writePhotoExamples(uri, labelled);
  return uri;
}

async function codesOf(
  folder: string,
  options: Parameters<typeof validateModel>[1] = {},
): Promise<(string | undefined)[]> {
  const { blessed, checks } = await validateModel(folder, options);
  const failed = checks.filter((check) => !check.passed);
  expect(blessed).toBe(failed.length === 0);
  return failed.map((check) => check.code);
}

describe('a valid model', () => {
  it('is blessed, each check with its value', async () => {
    using folder = temporaryFolder();
    const uri = writeModelFolder(join(folder.path, 'model'), model);
    const { blessed, checks } = await validateModel(uri, { examplesUri: await examplesIn(folder.path) });
    expect(checks.filter((check) => !check.passed)).toEqual([]);
    expect(blessed).toBe(true);
    const measured = (name: string) => checks.find((check) => check.name === name)!.value!;
    expect(measured('probabilities as at training')).toBeLessThan(1e-4);
    expect(measured('accuracy on eval photos')).toBe(1);
    expect(measured('time against a bare model')).toBeLessThan(4);
    expect(measured('megabytes grown')).toBeGreaterThan(1);
  });

  it('as a step: INFRA_BLESSED, properties, summary', async () => {
    using folder = temporaryFolder();
    const uri = writeModelFolder(join(folder.path, 'model'), model);
    const inputs = { model: artifactAt('Model', uri) };
    const { outputs, result } = await runComponent(infraValidatorSpec, run, folder.path, { inputs });
    expect(existsSync(join(outputs.infraBlessing!, 'INFRA_BLESSED'))).toBe(true);
    expect(result.properties?.infraBlessing).toMatchObject({ blessed: 1, current_model_id: uri });
  });
});

describe('a model with a defect is rejected with a specific code', () => {
  it('NaN in its outputs', async () => {
    using folder = temporaryFolder();
    const bytes = modelBytes(
      model,
      headWith(model, (_, bias) => ({ bias: bias.fill(Number.NaN, 0, 1) })),
    );
    expect(await codesOf(writeModelFolder(folder.path, model, { bytes }))).toEqual(['MODEL_ANSWERED_NAN']);
  });

  it('wrong shape', async () => {
    using folder = temporaryFolder();
    writeModelFolder(folder.path, model);
    editSignature(folder.path, ({ outputs }) => ({
      outputs: outputs.map((output) => (output.name === 'embedding' ? { ...output, shape: [-1, 1280] } : output)),
    }));
    expect(await codesOf(folder.path)).toEqual(['INFRA_SHAPE_WRONG']);
  });

  it('another photo size than in the signature', async () => {
    using folder = temporaryFolder();
    writeModelFolder(folder.path, model);
    editSignature(folder.path, ({ preprocess }) => ({ preprocess: { ...preprocess, width: 192, height: 192 } }));
    expect((await codesOf(folder.path))[0]).toBe('INFRA_BOOT_FAILED');
  });

  it('another number of labels', async () => {
    using folder = temporaryFolder();
    writeModelFolder(folder.path, model);
    editSignature(folder.path, ({ labels }) => ({ labels: [...labels, 'e'] }));
    expect(await codesOf(folder.path)).toEqual(['INFRA_LABELS_MISMATCH']);
  });

  it('a flipped byte', async () => {
    using folder = temporaryFolder();
    writeModelFolder(folder.path, model);
    const path = join(folder.path, 'Format-Serving', 'model.onnx');
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    expect(await codesOf(folder.path)).toEqual(['MODEL_DIGEST_MISMATCH']);
  });

  it('ten times slower, with the same predictions', async () => {
    using folder = temporaryFolder();
    const bytes = slowedDown(model, 24);
    const { checks } = await validateModel(writeModelFolder(folder.path, model, { bytes }));
    const failed = checks.filter((check) => !check.passed);
    expect(failed.map((check) => check.code)).toEqual(['INFRA_TOO_SLOW']);
    expect(failed[0]!.message).toMatch(/times the [\d.]+ ms of a bare model/);
  });

  it('worse accuracy: a head that was damaged after training', async () => {
    using folder = temporaryFolder();
    const random = new Random(5);
    const bytes = modelBytes(
      model,
      headWith(model, (weight) => ({ weight: weight.map((w) => w + 0.5 * random.normal()) })),
    );
    const codes = await codesOf(writeModelFolder(folder.path, model, { bytes }));
    expect(codes).toEqual(['INFRA_ACCURACY_WORSE', 'INFRA_ANSWERS_DIFFER']);
  });

  it('worse accuracy: labels in another order, detected on labelled photos', async () => {
    using folder = temporaryFolder();
    const uri = writeModelFolder(join(folder.path, 'model'), model);
    editSignature(uri, ({ labels }) => ({ labels: labels.toReversed() }));
    expect(await codesOf(uri)).toEqual([]);
    expect(await codesOf(uri, { examplesUri: await examplesIn(folder.path) })).toEqual(['INFRA_ACCURACY_WORSE']);
  });

  it('predictions that differ without changing a label', async () => {
    using folder = temporaryFolder();
    const bytes = modelBytes(
      model,
      headWith(model, (weight) => ({ weight: weight.map((w) => w * 0.7) })),
    );
    expect(await codesOf(writeModelFolder(folder.path, model, { bytes }))).toEqual(['INFRA_ANSWERS_DIFFER']);
  });

  it('a missing file', async () => {
    using folder = temporaryFolder();
    writeModelFolder(folder.path, model);
    rmSync(join(folder.path, 'Format-Serving', 'model.onnx'));
    expect(await codesOf(folder.path)).toEqual(['MODEL_FILE_MISSING']);
    expect(await codesOf(join(folder.path, 'nowhere'))).toEqual(['MODEL_FILE_MISSING']);
  });

  it('a file that is not a model', async () => {
    using folder = temporaryFolder();
    const bytes = new TextEncoder().encode('<html>not found</html>');
    expect(await codesOf(writeModelFolder(folder.path, model, { bytes }))).toEqual(['INFRA_BOOT_FAILED']);
  });

  it('no warm-up requests, or modified ones', async () => {
    using folder = temporaryFolder();
    writeModelFolder(folder.path, model, { warmup: 0 });
    expect(await codesOf(folder.path)).toEqual(['INFRA_WARMUP_INVALID']);
    const path = join(writeModelFolder(folder.path, model), 'warmup', 'requests.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"sha256":"./, '"sha256":"z'));
    expect(await codesOf(folder.path)).toEqual(['INFRA_WARMUP_INVALID']);
  });

  it('too much memory, too little time', async () => {
    using folder = temporaryFolder();
    writeModelFolder(folder.path, model);
    const budget = (given: object) => ({ budget: infraBudgetSchema.parse(given) });
    expect(await codesOf(folder.path, budget({ maxMemoryMb: 1 }))).toEqual(['INFRA_MEMORY_HIGH']);
    expect(await codesOf(folder.path, budget({ maxLatencyMs: 0.01 }))).toEqual(['INFRA_TOO_SLOW']);
    expect(await codesOf(folder.path, budget({ bootTimeoutMs: 20 }))).toEqual(['INFRA_BOOT_TIMEOUT']);
  });

  it('as a step: INFRA_NOT_BLESSED, with the reason in the file, the properties and the log', async () => {
    using folder = temporaryFolder();
    const uri = writeModelFolder(join(folder.path, 'model'), model);
    rmSync(join(uri, 'Format-Serving', 'model.onnx'));
    const inputs = { model: artifactAt('Model', uri) };
    const { outputs, result, log } = await runComponent(infraValidatorSpec, run, folder.path, { inputs });
    expect(existsSync(join(outputs.infraBlessing!, 'INFRA_NOT_BLESSED'))).toBe(true);
    expect(JSON.parse(readFileSync(join(outputs.infraBlessing!, 'blessing.json'), 'utf8'))).toMatchObject({
      blessed: false,
    });
    expect(result.properties?.infraBlessing).toMatchObject({ blessed: 0 });
    expect(log).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ code: 'MODEL_FILE_MISSING' }) }),
    );
  });
});

it('stops when it is cancelled', async () => {
  using folder = temporaryFolder();
  writeModelFolder(folder.path, model);
  const signal = AbortSignal.timeout(60);
  await expect(validateModel(folder.path, { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
});
