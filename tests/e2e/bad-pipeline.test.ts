import { afterAll, describe, expect, it } from 'vitest';
import { errorOf, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

const head = "import { definePipeline, exampleGen, param, statisticsGen, schemaGen } from 'mitate';\n";
const sound = `${head}
export default definePipeline('small', { images: param.uri(), share: param.number().default(0.1) }, ({ images }) => {
  const { examples } = exampleGen({ source: images });
  statisticsGen({ examples });
});`;

/** Runs the file and answers exit code and error. */
async function fails(name: string, content: string | null, ...args: string[]) {
  if (content !== null) sandbox.write(name, content);
  const ran = await sandbox.mitate('run', name, '--json', ...args);
  return { exit: ran.code, stdout: ran.stdout, ...errorOf(ran) };
}

describe('a pipeline file', () => {
  it.each([
    ['that is not there', 'absent.ts', null, /no such file/],
    ['of another kind', 'pipeline.yaml', 'steps: []', /"\.yaml" is not a module extension/],
    ['with a syntax error', 'syntax.ts', `${head}export default definePipeline(`, /syntax error/],
    [
      'without default export',
      'named.ts',
      sound.replace('export default', 'export const p ='),
      /"p" is not the default/,
    ],
    ['whose default is something else', 'other.ts', 'export default 42;', /default export is not a pipeline/],
    ['that imports what is not there', 'import.ts', `import 'no-such-package';\n${sound}`, /no-such-package/],
    ['that throws', 'throws.ts', "throw new Error('my own mistake');", /my own mistake.*throws\.ts:1/],
    ['with an enum', 'enum.ts', `enum A { B }\n${sound}`, /enum/],
  ])('%s', async (_, name, content, said) => {
    const error = await fails(name, content);
    expect(error).toMatchObject({ exit: 1, stdout: '', code: 'PIPELINE_FILE_INVALID' });
    expect(error.message).toMatch(said);
    expect(error.message).toContain(name);
    expect(error.remedy).not.toBe('');
  });

  it('whose definition does not fit is refused before anything runs, naming step and parameter', async () => {
    const wrong = sound.replace('{ source: images }', '{ source: images, splitz: 3 }');
    const error = await fails('wrong.ts', wrong, '--param', 'images=photos');
    expect(error.exit).toBe(1);
    expect(error.message).toMatch(/example-gen/);
    expect(error.message).toMatch(/splitz/);
    expect(await sandbox.json('runs')).toEqual([]);
  });

  it.each([
    ['missing', [], /"images" is missing/],
    ['misspelt', ['--param', 'imges=photos'], /did you mean "images"\?/],
    ['of the wrong type', ['--param', 'images=photos', '--param', 'share=much'], /"share" must be/],
  ])('with a parameter %s: exit code 2', async (_, args, said) => {
    const error = await fails('pipeline.ts', sound, ...args);
    expect(error).toMatchObject({ exit: 2, code: 'PIPELINE_PARAMETERS_INVALID' });
    expect(error.message).toMatch(said);
    expect(error.remedy).toContain('images, [share]');
  });
});

describe('a signal ends a command within 2 s', () => {
  const busy = "setTimeout(() => { console.error('busy'); for (;;); }, 1_500); await new Promise(() => {});";
  const waiting = "setInterval(() => console.error('waiting'), 1_500); await new Promise(() => {});";
  it.each([
    ['that keeps the event loop busy (it ignored every signal)', busy, 'busy', /Killed: the command was busy/],
    ['that does not react to it', waiting, 'waiting', /work in progress was abandoned/],
  ])('%s', async (_, content, started, said) => {
    sandbox.write('endless.ts', content);
    const running = sandbox.start(['run', 'endless.ts']);
    await running.stderrHas(started);
    const sentAt = performance.now();
    running.process.kill('SIGTERM');
    expect((await running.ended).stderr).toMatch(said);
    expect(performance.now() - sentAt).toBeLessThan(2_000);
  });
});

it('what does not exist is said, with where to look', async () => {
  sandbox.write('made/pipeline.ts', sound);
  for (const [args, code] of [
    [['model', 'show', 'nobody'], 'MODEL_NOT_FOUND'],
    [['predict', 'photo.jpg'], 'MODEL_NOT_NAMED'],
    [['predict', 'photo.jpg', '--model', './no/folder'], 'MODEL_FILE_MISSING'],
    [['runs', 'show', 'latest'], 'RUN_NOT_FOUND'],
    [['data', 'stats'], 'DATA_NOT_FOUND'],
    [['restore', 'nothing.tar.gz'], 'FILE_UNREADABLE'],
    [['init', 'made'], 'INIT_FOLDER_NOT_EMPTY'],
  ] as const) {
    const ran = await sandbox.mitate(...args, '--json');
    expect([args.join(' '), ran.code, errorOf(ran).code]).toEqual([args.join(' '), 1, code]);
  }
});
