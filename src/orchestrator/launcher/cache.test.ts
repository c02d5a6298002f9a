import { rmSync, writeFileSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { counter, launcherWorkspace, reader, states } from '../../../tests/support/launcher-workspace.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import type { CapabilityName } from '../../contracts/component.ts';
import { defineComponent } from '../define/component.ts';
import { definePipeline } from '../define/define-pipeline.ts';
import { param } from '../define/parameter.ts';

const { file, run, store } = launcherWorkspace();
const count = (name: string, unit: 'letters' | 'lines' = 'letters') =>
  definePipeline(name, { file: param.uri() }, ({ file }) => {
    const { examples } = reader({ file });
    counter({ examples, unit });
  });

describe('cache', () => {
  const go = (text: string, unit?: 'letters' | 'lines', seed?: number) => {
    writeFileSync(file, text);
    return run(count('cache', unit), { parameters: { file }, ...(seed !== undefined && { seed }) });
  };

  it('runs what has not run, and takes an unchanged run completely from the cache', async () => {
    const first = await go('abc');
    expect(states(first)).toEqual(['succeeded', 'succeeded']);
    expect(first.steps[1]?.summary).toBe('3, before none');
    expect(first.steps.map((step) => step.explanation?.outcome)).toEqual(['first', 'first']);
    const second = await go('abc');
    expect(states(second)).toEqual(['cached', 'cached']);
    expect(second.steps[1]?.artifacts).toEqual(first.steps[1]?.artifacts);
  });

  it('explains what changed, part by part', async () => {
    const content = await go('abcd');
    expect(content.steps[0]?.explanation?.changes.map(({ part }) => part)).toEqual(['fingerprint']);
    expect(content.steps[1]?.explanation?.changes.map(({ part }) => part)).toEqual(['input.examples']);
    const unit = await go('abcd', 'lines');
    expect(states(unit)).toEqual(['cached', 'succeeded']);
    expect(unit.steps[1]?.explanation?.text).toBe('run: parameter unit changed from "letters" to "lines"');
    const seed = await go('abcd', 'lines', 7);
    expect(seed.steps[1]?.explanation?.text).toBe('run: seed changed from 20 to 7');
    const back = await go('abc');
    expect(back.steps[1]?.explanation?.outcome).toBe('reverted');
  });

  it('gives a step its newest earlier output, which is not part of the key', async () => {
    const { steps } = await go('abcdefgh');
    expect(steps[1]?.summary).toBe('8, before 1');
    expect(
      Object.keys((await store().listExecutions((await store().listRuns({ limit: 1 }))[0]!.id))[0]!.keyParts),
    ).toEqual(expect.not.arrayContaining(['input.previous']));
  });

  it('runs again when an artifact is missing or was edited, and explains it', async () => {
    const { steps } = await go('artifact');
    rmSync(steps[0]!.artifacts.examples!.uri, { recursive: true });
    const gone = await go('artifact');
    expect(states(gone)).toEqual(['succeeded', 'cached']);
    expect(gone.steps[0]?.explanation).toMatchObject({ outcome: 'stale', text: expect.stringContaining('missing') });
    await appendFile(join(gone.steps[0]!.artifacts.examples!.uri, 'text'), '!');
    const edited = await go('artifact');
    expect(states(edited)).toEqual(['succeeded', 'cached']);
    expect(edited.steps[0]?.explanation).toMatchObject({ outcome: 'stale', text: expect.stringContaining('digest') });
  });
});

describe('a sealed component that reads golden photos', () => {
  it('runs again when they change, and keeps its key while there are none', async () => {
    const judge = (readsGolden: boolean) =>
      defineComponent({
        spec: { ...reader.spec, name: 'Judge', sealed: true, capabilities: readsGolden ? ['golden'] : [] },
        load: async () => ({
          async run({ outputs, golden }) {
            const files = golden ? (await golden.photos()).map(golden.fileOf) : [];
            await writeFile(join(outputs.examples, 'text'), files.join());
            return { summary: files.join() };
          },
        }),
      });
    const judged = async (readsGolden = true) =>
      (await run(definePipeline('judged', {}, () => void judge(readsGolden)({ file: 'x' })))).steps[0]!;
    expect((await judged(false)).state).toBe('succeeded');
    expect((await judged()).state).toBe('cached');
    const about = { label: '健康', format: 'jpeg' as const, phash: '0'.repeat(16), thumbnail: '' };
    const photo = { ...about, set: 'field', sha256: 'a'.repeat(64), request: null, imageSha256: null, who: 'test' };
    await unaudited(store()).golden.addPhotos([photo]);
    const again = await judged();
    expect(again.state).toBe('succeeded');
    expect(again.summary).toMatch(/golden.default.field.健康.a{64}\.jpg$/);
    expect((await judged()).state).toBe('cached');
    await unaudited(store()).golden.removePhotos({ set: 'field' });
    expect((await judged()).state).toBe('cached');
  });
});

describe('capabilities', () => {
  it('are given to whoever declares them, and to nobody else', async () => {
    const given: string[][] = [];
    const asker = (name: string, capabilities: CapabilityName[]) =>
      defineComponent({
        spec: { ...reader.spec, name, capabilities },
        async fingerprint(_, context) {
          given.push(Object.keys(context).filter((key) => key === 'golden' || key === 'erasures'));
          return '';
        },
        async run(context) {
          given.push(Object.keys(context).filter((key) => key === 'golden' || key === 'erasures'));
          await writeFile(join(context.outputs.examples, 'text'), 'x');
          return {};
        },
      });
    const [all, none] = [asker('All', ['golden', 'erasures']), asker('None', [])];
    await run(definePipeline('capable', {}, () => void all({ file: 'x' })));
    await run(definePipeline('incapable', {}, () => void none({ file: 'x' })));
    expect(given).toEqual([['golden', 'erasures'], ['golden', 'erasures'], [], []]);
  });

  it('count in the cache key of a component without a fingerprint, too', async () => {
    const about = { label: 'healthy', format: 'jpeg' as const, phash: '0'.repeat(16), thumbnail: '' };
    const photo = { ...about, set: 'field', sha256: 'b'.repeat(64), request: null, imageSha256: null, who: 'test' };
    const plain = defineComponent({
      spec: { ...reader.spec, name: 'Plain', capabilities: ['golden'] },
      async run({ outputs, golden }) {
        await writeFile(join(outputs.examples, 'text'), 'x');
        return { summary: String((await golden.photos()).length) };
      },
    });
    const summaryOf = async () =>
      (await run(definePipeline('plain', {}, () => void plain({ file: 'x' })))).steps[0]?.summary;
    expect(await summaryOf()).toBe('0');
    await unaudited(store()).golden.addPhotos([photo]);
    expect(await summaryOf()).toBe('1');
    await unaudited(store()).golden.removePhotos({ set: 'field' });
  });
});

describe('a sealed, unseeded component', () => {
  it('is not loaded for a hit, hits whatever the seed, and gets none', async () => {
    let loads = 0;
    const seeds: number[] = [];
    const quiet = defineComponent({
      spec: { ...reader.spec, name: 'Quiet', sealed: true, seeded: false },
      load: async () => {
        loads++;
        return {
          async run({ outputs, seed }) {
            seeds.push(seed);
            await writeFile(join(outputs.examples, 'text'), 'x');
            return { summary: 'said once' };
          },
        };
      },
    });
    const pipeline = definePipeline('sealed', {}, () => void quiet({ file: 'x' }));
    await run(pipeline, { seed: 1 });
    const again = await run(pipeline, { seed: 2 });
    expect(again.steps[0]).toMatchObject({ state: 'cached', summary: 'said once' });
    expect([loads, seeds]).toEqual([1, [0]]);
  });
});
