import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPipeline } from './load-pipeline.ts';

const dir = mkdtempSync(join(tmpdir(), 'mitate-load-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** In Node itself: Vitest has a module loader of its own. */
const script = `
  import { loadPipeline } from ${JSON.stringify(new URL('./load-pipeline.ts', import.meta.url).href)};
  import { compilePipeline } from ${JSON.stringify(new URL('./compile.ts', import.meta.url).href)};
  const answers = [];
  for (const path of process.argv.slice(1))
    answers.push(await loadPipeline(path).then(compilePipeline, ({ code, message, remedy }) => ({ code, message, remedy })));
  console.log(JSON.stringify(answers));
`;

// biome-ignore lint/suspicious/noExplicitAny: JSON of definitions and errors
function load(...texts: string[]): any[] {
  const paths = texts.map((text, i) => {
    const path = join(dir, `pipeline-${i}.ts`);
    writeFileSync(path, text);
    return path;
  });
  const args = ['--input-type=module', '-e', script, ...paths];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

describe('loadPipeline', () => {
  it('runs TypeScript without a build, and finds "mitate" although it is not installed next to the file', () => {
    const [definition] = load(`
      import { definePipeline, exampleGen, param } from 'mitate';
      const name: string = 'from-file';
      export default definePipeline(name, { images: param.uri() }, ({ images }) => { exampleGen({ source: images }); });
    `);
    expect(definition).toMatchObject({ name: 'from-file', steps: [{ name: 'example-gen' }] });
  });

  it('explains what to correct', () => {
    const cases: [text: string, said: string][] = [
      [`export const x = 1;`, 'it has no default export'],
      [
        `import { definePipeline } from 'mitate'; export const leaf = definePipeline('leaf', {}, () => {});`,
        'the pipeline "leaf" is not the default export',
      ],
      [`export default { name: 'x' };`, 'its default export is not a pipeline'],
      [`export default definePipeline(`, 'syntax error'],
      [`enum E { A } export default E;`, 'enum'],
      [`import 'no-such-package-here'; export default 1;`, 'no-such-package-here'],
      [`\nthrow new Error('oh no');`, 'pipeline-6.ts:2'],
    ];
    const answers = load(...cases.map(([text]) => text));
    for (const [i, [, said]] of cases.entries())
      expect(answers[i]).toMatchObject({ code: 'PIPELINE_FILE_INVALID', message: expect.stringContaining(said) });
  });

  it('rejects a file that is missing or not a module', async () => {
    await expect(loadPipeline(join(dir, 'nowhere.ts'))).rejects.toThrow('no such file');
    writeFileSync(join(dir, 'pipeline.json'), '{}');
    await expect(loadPipeline(join(dir, 'pipeline.json'))).rejects.toThrow('".json" is not a module extension');
  });
});
