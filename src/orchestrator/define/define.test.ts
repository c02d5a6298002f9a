import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  evaluator,
  exampleGen,
  exampleValidator,
  pusher,
  resolver,
  schemaGen,
  statisticsGen,
  trainer,
  transform,
} from '../components.ts';
import { lintPipeline } from '../lint/lint.ts';
import { compilePipeline, definitionDigest } from './compile.ts';
import { defineComponent } from './component.ts';
import { definePipeline } from './define-pipeline.ts';
import { pipelineDefinitionSchema } from './definition.ts';
import { param } from './parameter.ts';
import { question } from './question.ts';

const leaf = (epochs = 40) =>
  definePipeline('leaf-health', { images: param.uri(), test: param.uri().optional() }, ({ images, test }) => {
    const { examples } = exampleGen({ source: images, test, splits: { train: 8, eval: 1, test: 1 } });
    const { statistics } = statisticsGen({ examples });
    const { schema } = schemaGen({ statistics });
    const { anomalies } = exampleValidator({ statistics, schema });
    const { transformGraph } = transform({ examples, schema, anomalies, backbone: 'mobilenet-v2', views: ['plain'] });
    const task = question('unwell', { negative: /healthy/i });
    const { model } = trainer({ examples, transformGraph, anomalies, task, head: { epochs } }, { retries: 1 });
    const { model: baseline } = resolver({ strategy: 'latest-blessed', modelName: 'leaf-health' });
    const { evaluation, blessing } = evaluator({ examples, model, baseline, thresholds: { auc: { min: 0.95 } } });
    pusher({ model, blessing, evaluation, modelName: 'leaf-health', endpoint: 'leaf-health' });
  });

describe('definePipeline', () => {
  it('compiles to plain JSON that its schema accepts, digested by content', () => {
    const definition = compilePipeline(leaf());
    expect(pipelineDefinitionSchema.parse(JSON.parse(JSON.stringify(definition)))).toEqual(definition);
    expect(definition.steps.map(({ name }) => name)).toEqual([
      'example-gen',
      'statistics-gen',
      'schema-gen',
      'example-validator',
      'transform',
      'trainer',
      'resolver',
      'evaluator',
      'pusher',
    ]);
    expect(definition.steps[0]?.parameters).toMatchObject({ source: { $param: 'images' }, test: { $param: 'test' } });
    expect(definition.steps[7]?.inputs.baseline).toEqual({ step: 'resolver', output: 'model' });
    expect(definition.steps[5]).toMatchObject({ retries: 1, timeoutMs: 0 });
    expect(definitionDigest(compilePipeline(leaf()))).toBe(definitionDigest(definition));
    expect(definitionDigest(compilePipeline(leaf(41)))).not.toBe(definitionDigest(definition));
  });

  it('passes its own lint', () => {
    expect(lintPipeline(leaf()).filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('numbers several uses of one component, unless they are named', () => {
    const { steps } = definePipeline('several', {}, () => {
      exampleGen({ source: 'a' });
      exampleGen({ source: 'b' });
      exampleGen({ source: 'c' }, { name: 'holdout' });
    });
    expect(steps.map(({ name }) => name)).toEqual(['example-gen', 'example-gen-2', 'holdout']);
  });

  it('rejects what cannot work', () => {
    expect(() => definePipeline('Leaf Health', {}, () => {})).toThrow(/lower-case/);
    expect(() => definePipeline('later', {}, async () => {})).toThrow(/asynchronous/);
    expect(() => exampleGen({ source: 'a' })).toThrow(/outside a pipeline/);
    const text = () =>
      definePipeline('text', { dir: param.uri() }, ({ dir }) => void exampleGen({ source: `${dir}/x` }));
    expect(text).toThrow(expect.objectContaining({ code: 'PIPELINE_PARAMETER_READ' }));
  });

  it('rejects a component whose spec contradicts itself', () => {
    const spec = {
      name: 'bad',
      version: '',
      inputs: { x: { type: 'Model' } },
      outputs: {},
      parameters: z.object({ x: z.string() }),
    } as const;
    expect(() => defineComponent({ spec, run: async () => ({}) })).toThrow(/both an input and a parameter/);
  });
});

/** Never called: the compiler is the test (`tsc --noEmit`). */
const wrongWiring = () =>
  definePipeline(
    'types',
    { dir: param.uri(), epochs: param.integer(), kind: param.choice('mlp', 'logistic') },
    (given) => {
      const { examples } = exampleGen({ source: given.dir });
      const { statistics } = statisticsGen({ examples });
      // @ts-expect-error statistics are no schema
      exampleValidator({ statistics, schema: statistics });
      // @ts-expect-error an input is missing
      exampleValidator({ statistics });
      // @ts-expect-error all outputs of a step are no channel
      statisticsGen({ examples: exampleGen({ source: 'a' }) });
      // @ts-expect-error no such parameter
      exampleGen({ source: 'a', surce: 'b' });
      // @ts-expect-error a number is no path
      exampleGen({ source: given.epochs });
      // @ts-expect-error the launcher fills inputs with a history
      exampleGen({ source: 'a', previous: examples });
      // @ts-expect-error no such option
      exampleGen({ source: 'a' }, { retrys: 2 });
      // @ts-expect-error no such view
      transform({ examples, views: 3 });
      const { transformGraph } = transform({ examples });
      trainer({ examples, transformGraph, head: { epochs: given.epochs, kind: given.kind } });
      // @ts-expect-error the model comes from a trainer
      pusher({ model: transformGraph, modelName: 'x' });
      // @ts-expect-error no such output
      statisticsGen({ examples }).schema;
    },
  );

const oldSpec = { name: 'Old', version: '1', inputs: {}, outputs: {}, parameters: z.object({}) };
const asksForTooMuch = () =>
  defineComponent({
    spec: { ...oldSpec, capabilities: ['golden'] },
    run: async (context) => {
      await context.golden.photos();
      // @ts-expect-error a capability that the spec does not declare
      await context.erasures.among([]);
      return {};
    },
  });

describe('a spec', () => {
  it('gives the capabilities that it declares, and no others', () => expect(asksForTooMuch().spec.name).toBe('Old'));

  it('is rejected for an unknown capability, or one in the old form', () => {
    const define = (more: object) => () => defineComponent({ spec: { ...oldSpec, ...more }, run: async () => ({}) });
    expect(define({ capabilities: ['network'] })).toThrow('it has the unknown capability "network"');
    expect(define({ readsGolden: true })).toThrow('readsGolden is now capabilities: ["golden"]');
  });
});

describe('wrong wiring', () => {
  it('does not compile', () => expect(wrongWiring).toBeTypeOf('function'));
});
