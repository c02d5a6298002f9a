import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOf, cyclesIn, folderOf, importGraph, importsOf, packagesLoadedBy, sources, src } from './imports.ts';

/** Every folder but those with an empty list may import these; each may import within itself. */
const ground = ['errors', 'codecs', 'contracts'];
/** What else each folder of src/ may import: the import rules of ARCHITECTURE.md. */
const allowed: Record<string, string[]> = {
  errors: [],
  codecs: [],
  files: [],
  contracts: ground,
  config: ground,
  network: ground,
  processes: ground,
  math: ground,
  vision: [...ground, 'math'],
  onnx: ground,
  backbones: [...ground, 'onnx'],
  artifacts: [...ground, 'math', 'backbones'],
  sources: [...ground, 'files', 'config', 'network', 'vision', 'artifacts'],
  inference: [...ground, 'files', 'processes', 'math', 'vision', 'onnx', 'backbones', 'artifacts'],
  store: [...ground, 'files', 'config', 'network', 'processes'],
  pipeline: [...ground, ...'network processes math vision onnx backbones artifacts sources inference'.split(' ')],
  serving: [...ground, 'files', 'vision', 'artifacts', 'inference', 'store'],
  feedback: [...ground, 'network', 'math', 'artifacts', 'store'],
  orchestrator: [...ground, 'files', 'config', 'processes', 'artifacts', 'store', 'pipeline'],
  client: ground,
  actions: [
    ...ground,
    ...'files config network processes vision backbones artifacts sources inference store'.split(' '),
    ...'pipeline serving feedback orchestrator client'.split(' '),
  ],
  tracing: [...ground, 'config'],
  worker: [...ground, 'config', 'processes', 'store', 'orchestrator', 'actions', 'tracing'],
  demo: [...ground, ...'config math vision inference store serving orchestrator actions worker'.split(' ')],
  http: [...ground, ...'config tracing vision inference store serving orchestrator actions'.split(' ')],
  cli: [
    ...ground,
    ...'config processes store serving feedback orchestrator client actions worker demo http'.split(' '),
  ],
  'index.ts': [...ground, 'config', 'orchestrator'],
};

function crosses(from: string, to: string): boolean {
  const [here, there] = [folderOf(from), folderOf(to)];
  return here !== there && !allowed[here]?.includes(there);
}

const files = sources();
const imports = files.flatMap(importsOf);

describe('imports between the folders of src/', () => {
  it('are all read (a check of the check)', () => {
    expect(files.length).toBeGreaterThan(100);
    const found = imports.filter(({ from }) => from === 'orchestrator/components.ts');
    expect(found.map(({ to }) => to)).toContain('pipeline/trainer/spec.ts');
    expect(found.find(({ to }) => to === 'pipeline/trainer/run.ts')?.isLazy).toBe(true);
  });

  it('have a rule for every folder, and each folder has a README', () => {
    const all = [...new Set(files.map(folderOf))];
    expect(all.filter((folder) => !(folder in allowed))).toEqual([]);
    const folders = all.filter((folder) => !folder.endsWith('.ts'));
    expect(folders.filter((folder) => !existsSync(join(src, folder, 'README.md')))).toEqual([]);
  });

  it('follow the import rules: none goes upward', () => {
    expect(crosses('pipeline/trainer/run.ts', 'store/open-store.ts')).toBe(true);
    expect(crosses('orchestrator/lint/lint.ts', 'store/open-store.ts')).toBe(false);
    const crossings = imports.filter(({ from, to, isLocal }) => isLocal && crosses(from, to));
    expect(crossings.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('use every rule', () => {
    const used = new Set(
      imports.filter(({ isLocal }) => isLocal).map(({ from, to }) => `${folderOf(from)} ${folderOf(to)}`),
    );
    const ruled = Object.entries(allowed).flatMap(([from, all]) =>
      all.filter((to) => !ground.includes(to)).map((to) => `${from} ${to}`),
    );
    expect(ruled.filter((rule) => !used.has(rule))).toEqual([]);
  });

  it('form no cycles, not even of types', () => {
    const [a, b, c] = [['b'], ['c'], ['a']];
    expect(cyclesIn(new Map(Object.entries({ a, b, c })))).toEqual(['a -> b -> c -> a']);
    expect(cyclesIn(new Map(Object.entries({ a, b })))).toEqual([]);
    expect(cyclesIn(importGraph())).toEqual([]);
  });

  it('name files that exist, with their extension', () => {
    const lost = imports.filter(({ to, isLocal }) => isLocal && !existsSync(join(src, to)) && !to.endsWith('.js'));
    expect(lost.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('keep specs cheap: a pipeline is read and linted without a native module', () => {
    for (const spec of files.filter((file) => /^pipeline\/[^/]+\/spec\.ts$/.test(file)))
      expect(
        [...packagesLoadedBy(spec)].filter((name) => !name.startsWith('node:')),
        spec,
      ).toEqual(['zod']);
  });

  it('keep image and model libraries out of the server: they live in the inference processes', () => {
    for (const file of ['http/serve.ts', 'http/compose.ts'])
      for (const heavy of ['sharp', 'onnxruntime-node', 'pg-boss']) expect(packagesLoadedBy(file)).not.toContain(heavy);
  });

  it('keep native modules out of whoever loads the public API', () => {
    const loaded = packagesLoadedBy('index.ts');
    for (const heavy of ['sharp', 'onnxruntime-node', 'pg', '@electric-sql/pglite'])
      expect(loaded).not.toContain(heavy);
  });
});

/** Folders that are one list: every file is the same kind of thing, registered in one table. */
const lists: Record<string, string> = {
  'cli/commands': 'a file per command',
  'errors/catalogue': 'a file per area of errors',
};
const mostFiles = 25;

describe('console/', () => {
  const root = join(src, '../console');
  const borrowed = [
    ...['client/', 'vision/properties.ts', 'inference/quality.ts', 'inference/explain/heat-colour.ts'],
    ...['inference/on-device.ts', 'vision/resample/resample.ts'],
  ];
  const found = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

  it('imports files that load nothing but zod: they run in browsers', () => {
    for (const file of borrowed.filter((each) => each.endsWith('.ts')))
      expect(
        [...packagesLoadedBy(file)].filter((name) => name !== 'zod'),
        file,
      ).toEqual([]);
  });

  it('imports the client, types of contracts, and those files, nothing else of src/', () => {
    expect(found.length).toBeGreaterThan(20);
    const wrong = found.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /(import\s+type\s|export\s+type\s)?[^;'"]*?['"]((?:\.\.\/)+src\/[^'"]+)['"]/g,
        ),
      ]
        .map(([, type, to = '']) => ({ type, to: relative(src, join(dirname(file), to)) }))
        .filter(
          ({ type, to }) => !borrowed.some((each) => to.startsWith(each)) && !(type && to.startsWith('contracts/')),
        )
        .map(({ to }) => `${relative(root, file)} -> ${to}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the folders of src/', () => {
  it(`hold at most ${mostFiles} files, unless all are alike`, () => {
    const sizes = Object.entries(Object.groupBy(files, (file) => dirname(file)));
    const large = sizes.filter(([, inside = []]) => inside.length > mostFiles).map(([folder]) => folder);
    expect(large.filter((folder) => !(folder in lists))).toEqual([]);
    expect(Object.keys(lists).filter((folder) => !large.includes(folder))).toEqual([]);
  });
});

describe('the actions', () => {
  /** An action that does a stage's work without a pipeline runs the stage itself. */
  const ranByActions = [
    'pipeline/evaluator/run.ts',
    'pipeline/evaluator/compare-models.ts',
    'pipeline/evaluator/spec.ts',
    'pipeline/bulk-inferrer/infer.ts',
    'pipeline/evaluator/answers-of-models.ts',
    'pipeline/evaluator/compare-photos.ts',
    'pipeline/evaluator/photo-answers.ts',
    'pipeline/infra-validator/validate-model.ts',
  ];

  it('run three stages, and use no other code of the pipeline', () => {
    const used = imports.filter(({ from, to }) => folderOf(from) === 'actions' && folderOf(to) === 'pipeline');
    expect([...new Set(used.map(({ to }) => to))].sort()).toEqual(ranByActions.sort());
  });
});

/** What a stage may import of the pipeline beside its own folder; tests may do as they like. */
const stageExceptions: Record<string, string[]> = {
  // a trial trains and calibrates the Trainer's head
  tuner: ['trainer'],
};
const partOf = (path: string) => /^pipeline\/([^/]+)\//.exec(path)?.[1];

describe('the stages of pipeline/', () => {
  const stages = files.filter((file) => /^pipeline\/[^/]+\/spec\.ts$/.test(file)).map(partOf);
  const borrowed = imports.flatMap(({ from, to, isLocal }) => {
    const [here, there] = [partOf(from), partOf(to)];
    return isLocal && here !== undefined && there !== undefined && here !== there ? [{ from, to, here, there }] : [];
  });

  it('import no other stage: they meet in artifacts', () => {
    expect(stages).toContain('trainer');
    const wrong = borrowed.filter(({ here, there }) => !stageExceptions[here]?.includes(there));
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });
});

describe('the environment, the terminal and the store', () => {
  const uses = (pattern: RegExp, folders: string[]) =>
    files.filter((file) => !folders.includes(folderOf(file)) && pattern.test(codeOf(file)));

  it('the environment is read only in config/', () => {
    expect(uses(/\bprocess\.env\b/, ['config'])).toEqual([]);
  });

  it('the terminal is written to only in cli/', () => {
    expect(uses(/\bconsole\.\w+\(|\bprocess\.(stdout|stderr)\.write\(/, ['cli'])).toEqual([]);
  });

  it('commands and routes use the store only through actions', () => {
    const facets =
      'access|endpoints|requests|feedback|review|triggers|monitors|promotions|releases|reports|alerts|golden|flywheel';
    const reached = new RegExp(`\\bstore\\.(${facets}|list\\w+|get\\w+|find\\w+)\\b|\\bstore: \\{`);
    expect('await store.alerts.listAlerts({})').toMatch(reached);
    const entrances = files.filter((file) => folderOf(file) === 'cli' || file.startsWith('http/routes/'));
    expect(entrances.filter((file) => reached.test(codeOf(file)))).toEqual([]);
  });
});
