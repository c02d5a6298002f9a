import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PipelineSpec } from '../../src/orchestrator/engine/ir.ts';
import type { RunSummary } from '../../src/orchestrator/summary.ts';
import { readTree } from '../../src/store/artifacts/tree-digest.ts';
import { openStore } from '../../src/store/open-store.ts';
import { writeSample } from '../../src/vision/sample/write-sample.ts';
import { BucketServer } from '../support/bucket-server.ts';
import { testDatabaseUrl } from '../support/database.ts';
import { EngineDriver } from '../support/engine-driver.ts';
import { runHere } from '../support/run-here.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';

const file = fileURLToPath(new URL('compared.pipeline.ts', import.meta.url));
const image = `registry.example/mitate@sha256:${'a'.repeat(64)}`;
const folder = new ScratchFolder();
const images = folder.at('photos');
let ir: PipelineSpec;
let driver: EngineDriver;

const errorOf = ({ stderr }: { stderr: string }) =>
  (JSON.parse(stderr.trim().split('\n').at(-1)!) as { error: { code: string; message: string; remedy: string } }).error;

const compile = (...args: string[]) =>
  runHere(['compile', file, '--image', image, '--path-in-image', file, '--json', ...args]);

beforeAll(async () => {
  await writeSample(images, { photos: 60, seed: 1, size: 64 });
  const { stdout } = await compile('--target', 'vertex', '--root', 'gs://bucket/leaf');
  const { compiled } = JSON.parse(stdout) as { compiled: string };
  ir = (JSON.parse(compiled) as { pipelineSpec: PipelineSpec }).pipelineSpec;
  driver = new EngineDriver(ir, folder.at('bucket'), runHere);
  await driver.run({ images });
}, 300_000);
afterAll(() => folder[Symbol.dispose]());

describe('a compiled pipeline, run task by task as an engine runs it', () => {
  it('ends with the same model as mitate run, bit for bit', async () => {
    const { stdout, code, stderr } = await runHere([
      ...['run', file, '--param', `images=${images}`, '--json', '--workspace', folder.at('workspace')],
    ]);
    expect(code ?? 0, stderr).toBe(0);
    const run = JSON.parse(stdout.trim().split('\n').at(-1)!) as RunSummary;
    const model = run.steps.find(({ name }) => name === 'trainer')!.artifacts.model!;
    const { digest } = await readTree(folder.at('bucket', 'trainer', 'model'));
    expect(digest).toBe(model.digest);
  });

  it('pushes only through the gate, and keeps what the registry is to do in the output', () => {
    expect(Object.keys(ir.root.dag.tasks)).toContain('gate-pusher');
    expect(Object.keys(ir.root.dag.tasks)).not.toContain('pusher');
    expect(driver.outputs.get('evaluator')?.parameters).toEqual({ blessed: 'true' });
    expect(driver.ran.at(-1)).toBe('pusher');
    const intents = JSON.parse(readFileSync(folder.at('bucket', 'pusher', 'pushedModel', 'intents.json'), 'utf8'));
    expect(intents).toMatchObject({
      format: 'mitate-intents/1',
      intents: [{ kind: 'push-model', modelName: 'compared' }],
      model: { uri: folder.at('bucket', 'trainer', 'model') },
    });
  });

  it('writes nothing into the executor output that a strict reader rejects', () => {
    const output = JSON.parse(readFileSync(folder.at('bucket', 'evaluator', 'executor_output.json'), 'utf8'));
    expect(Object.keys(output).sort()).toEqual(['artifacts', 'parameterValues']);
    for (const { artifacts } of Object.values<{ artifacts: object[] }>(output.artifacts))
      expect(artifacts.map((each) => Object.keys(each).sort())).toEqual([['metadata', 'name', 'uri']]);
  });

  it('tells the next task that an optional output is absent', () => {
    const { model } = driver.outputs.get('resolver')!.artifacts;
    expect(JSON.parse(model!.metadata.mitate as string)).toEqual({ absent: true });
    expect(existsSync(model!.uri)).toBe(false);
  });

  it('skips the gate of a model that is not blessed', async () => {
    const refused = structuredClone(ir);
    const condition = refused.root.dag.tasks['gate-pusher']!.triggerPolicy!.condition!;
    expect(condition).toBe("inputs.parameter_values['pipelinechannel--evaluator--blessed'] == 'true'");
    const seen: string[] = [];
    const place = folder.at('refused');
    const container = async (args: string[]) => {
      const input = JSON.parse(args.at(-1)!);
      seen.push(args[1]!);
      for (const { outputFile } of Object.values<{ outputFile: string }>(input.outputs.parameters))
        writeFileSync(outputFile, 'false');
      writeFileSync(input.outputs.outputFile, JSON.stringify({ parameterValues: {}, artifacts: {} }));
      return { code: 0, stderr: '' };
    };
    await new EngineDriver(refused, place, container).run({ images });
    expect(seen).toContain('evaluator');
    expect(seen).not.toContain('pusher');
  });
});

describe('a compiled pipeline whose steps ask the storage themselves', () => {
  const place = 's3://leaves/job-1';
  let server: BucketServer;
  beforeAll(async () => {
    server = await BucketServer.open();
    const env = { ...server.env, MITATE_ARTIFACT_COPIES: folder.at('copies') };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { stdout } = await compile('--target', 'vertex', '--root', 'gs://bucket/leaf', '--artifacts', 'direct');
    const { compiled } = JSON.parse(stdout) as { compiled: string };
    const { pipelineSpec } = JSON.parse(compiled) as { pipelineSpec: PipelineSpec };
    await new EngineDriver(pipelineSpec, folder.at('direct'), runHere, place).run({ images });
  }, 300_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server[Symbol.asyncDispose]();
  });

  const importFrom = async (uri: string, workspace: string) => {
    const { code, stdout, stderr } = await runHere(['runs', 'import', uri, '--json', '--workspace', workspace]);
    return { code, stderr, imported: stdout === '' ? null : JSON.parse(stdout) };
  };
  const versionsIn = async (workspace: string) => {
    await using store = await openStore({ workspace });
    return await store.listVersions('compared');
  };

  it('has its artifacts in the bucket, each with a manifest, and no folder of them here', () => {
    const manifests = [...server.objects.keys()].filter((key) => key.endsWith('/_MANIFEST.json'));
    expect(manifests).toContain('job-1/trainer/model/_MANIFEST.json');
    expect(existsSync(folder.at('direct', 'trainer', 'model'))).toBe(false);
  });

  it('has its model registered by mitate runs import, bit for bit, and once', async () => {
    const workspace = folder.at('server');
    const { digest } = await readTree(folder.at('bucket', 'trainer', 'model'));
    for (const _ of ['first', 'again']) {
      const { code, stderr, imported } = await importFrom(`${place}/pusher/pushedModel`, workspace);
      expect(code ?? 0, stderr).toBe(0);
      expect(imported).toMatchObject({ modelName: 'compared', version: 1, endpoint: null });
    }
    const versions = await versionsIn(workspace);
    expect(versions).toMatchObject([{ version: 1, blessed: true, artifactDigest: digest }]);
    expect((await readTree(versions[0]!.artifactUri)).digest).toBe(digest);
  });

  it('has the model of a job with mounted folders imported and deployed, and copied to no folder that the job names', async () => {
    const workspace = folder.at('server-of-mounted');
    const pushed = folder.at('pushed');
    cpSync(folder.at('bucket', 'pusher', 'pushedModel'), pushed, { recursive: true });
    const intents = JSON.parse(readFileSync(join(pushed, 'intents.json'), 'utf8'));
    Object.assign(intents.intents[0], { destination: folder.at('elsewhere'), endpoint: 'leaf' });
    writeFileSync(join(pushed, 'intents.json'), JSON.stringify(intents));
    const { code, stderr, imported } = await importFrom(pushed, workspace);
    expect(code ?? 0, stderr).toBe(0);
    expect(imported).toMatchObject({ version: 1, endpoint: 'leaf' });
    expect(existsSync(folder.at('elsewhere'))).toBe(false);
    await using store = await openStore({ workspace });
    expect(await store.listDeployments()).toMatchObject([{ endpoint: 'leaf', modelName: 'compared', version: 1 }]);
  });

  it.each([
    ['is no pushed model', `${place}/trainer/model`, 'INTENTS_MISSING'],
    ['is not there', `${place}/pusher/none`, 'ARTIFACT_MISSING'],
    ['has no known scheme', 'ftp://leaves/x', 'ENGINE_URI_UNKNOWN'],
  ])('refuses to import what %s', async (_, uri, code) => {
    expect(errorOf(await importFrom(uri, folder.at('server'))).code).toBe(code);
  });

  it('is not recorded in a database, whose server could not read the artifacts', async () => {
    vi.stubEnv('MITATE_DATABASE_URL', 'postgresql://127.0.0.1:9/none');
    const args = ['--pipeline', file, '--artifacts', 'direct', '--executor-input', '{}', '--json'];
    expect(errorOf(await runHere(['step', 'trainer', ...args])).code).toBe('STEP_DIRECT_WITH_DATABASE');
    vi.stubEnv('MITATE_DATABASE_URL', '');
  });
});

/** A new database on the test's PostgreSQL: models of other tests are not found. */
async function ownDatabase(server: string): Promise<{ url: string } & AsyncDisposable> {
  const name = `engines_${process.pid}`;
  const ask = async (sql: string) => {
    const client = new Client({ connectionString: server });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await ask(`create database ${name}`);
  const url = new URL(server);
  url.pathname = name;
  return { url: url.href, [Symbol.asyncDispose]: () => ask(`drop database ${name} with (force)`) };
}

describe.skipIf(testDatabaseUrl === undefined)('with a database (MITATE_TEST_DATABASE_URL)', () => {
  it('records each step, registers the model, finds it in the next job, and takes unchanged outputs from the first', async () => {
    await using database = await ownDatabase(testDatabaseUrl!);
    vi.stubEnv('MITATE_DATABASE_URL', database.url);
    const workspace = folder.at('with-database');
    const container = (args: string[]) => runHere([...args, '--workspace', workspace]);
    const first = new EngineDriver(ir, folder.at('first'), container);
    const second = new EngineDriver(ir, folder.at('second'), container);
    await first.run({ images });
    await second.run({ images });
    vi.unstubAllEnvs();
    await using store = await openStore({ workspace, databaseUrl: database.url });
    const runs = await store.listRuns({ pipeline: 'compared', limit: 100 });
    expect(runs.filter(({ note }) => note === 'step trainer of job-1').map(({ state }) => state)).toEqual([
      ...['succeeded', 'succeeded'],
    ]);
    const model = first.outputs.get('trainer')!.artifacts.model!;
    const versions = await store.listVersions('compared');
    expect(versions).toMatchObject([{ blessed: true, artifactUri: model.uri }]);
    expect(second.outputs.get('resolver')!.artifacts.model!.uri).toBe(model.uri);
    expect(second.outputs.get('trainer')!.artifacts.model!.uri).toBe(model.uri);
    expect(existsSync(folder.at('second', 'trainer', 'model'))).toBe(false);
  }, 600_000);
});

describe('a step that gets what it cannot use', () => {
  const step = (name: string, input: unknown, ...args: string[]) =>
    runHere([
      ...['step', name, '--pipeline', file, '--json', ...args],
      ...['--executor-input', typeof input === 'string' ? input : JSON.stringify(input)],
    ]);
  const places = (...keys: string[]) => ({
    artifacts: Object.fromEntries(keys.map((key) => [key, { artifacts: [{ name: key, uri: folder.at('out', key) }] }])),
    outputFile: folder.at('out', 'executor_output.json'),
  });

  it('refuses an executor input that is not JSON', async () => {
    const error = errorOf(await step('trainer', '{{$}}'));
    expect(error).toMatchObject({ code: 'EXECUTOR_INPUT_INVALID', message: expect.stringContaining('not JSON') });
  });

  it('refuses an unknown step, with the names of those that there are', async () => {
    const error = errorOf(await step('trainr', {}));
    expect(error).toMatchObject({ code: 'STEP_UNKNOWN', remedy: expect.stringContaining('trainer') });
  });

  it('refuses a pipeline file or a Mitate other than the compiled one', async () => {
    const error = errorOf(await step('trainer', {}, '--definition', '0'.repeat(64)));
    expect(error.code).toBe('PIPELINE_NOT_AS_COMPILED');
  });

  it('refuses outputs without a place', async () => {
    const input = { inputs: { parameterValues: { images } } };
    expect(errorOf(await step('example-gen', input)).code).toBe('ENGINE_OUTPUT_MISSING');
  });

  it('refuses an input whose files are gone, and leaves no executor output', async () => {
    const examples = driver.outputs.get('example-gen')!.artifacts.examples!;
    const gone = { ...examples, uri: folder.at('gone') };
    const inputs = { parameterValues: { images }, artifacts: { examples: { artifacts: [gone] } } };
    const error = errorOf(await step('transform', { inputs, outputs: places('transformGraph') }));
    expect(error).toMatchObject({ code: 'ENGINE_INPUT_MISSING', message: expect.stringContaining(gone.uri) });
    expect(existsSync(folder.at('out', 'executor_output.json'))).toBe(false);
  });

  it('refuses an input that was changed since', async () => {
    const examples = driver.outputs.get('example-gen')!.artifacts.examples!;
    const stray = join(examples.uri, 'stray');
    writeFileSync(stray, 'x');
    const inputs = { parameterValues: { images }, artifacts: { examples: { artifacts: [examples] } } };
    const error = errorOf(await step('transform', { inputs, outputs: places('transformGraph') }));
    rmSync(stray);
    expect(error.code).toBe('ARTIFACT_DIGEST_MISMATCH');
  });

  it('refuses an input that no step of Mitate wrote', async () => {
    const examples = { ...driver.outputs.get('example-gen')!.artifacts.examples!, metadata: {} };
    const inputs = { parameterValues: { images }, artifacts: { examples: { artifacts: [examples] } } };
    const error = errorOf(await step('transform', { inputs, outputs: places('transformGraph') }));
    expect(error).toMatchObject({ code: 'EXECUTOR_INPUT_INVALID', message: expect.stringContaining('"examples"') });
  });
});

describe('mitate compile', () => {
  it('refuses an image without a digest, and a Vertex AI job without a bucket', async () => {
    const tagged = await runHere(['compile', file, '--target', 'kfp', '--image', 'mitate:latest', '--json']);
    expect(errorOf(tagged)).toMatchObject({ code: 'COMPILE_IMAGE_WITHOUT_DIGEST' });
    expect(errorOf(await compile('--target', 'vertex')).code).toBe('COMPILE_ROOT_MISSING');
  });

  it('writes the same bytes twice', async () => {
    const [a, b] = [folder.at('a.yaml'), folder.at('b.yaml')];
    for (const output of [a, b]) expect((await compile('--target', 'kfp', '--output', output)).code ?? 0).toBe(0);
    expect(readFileSync(a, 'utf8')).toBe(readFileSync(b, 'utf8'));
  });
});
