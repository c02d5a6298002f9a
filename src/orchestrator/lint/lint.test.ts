import { describe, expect, it } from 'vitest';
import * as components from '../components.ts';
import { definePipeline, type Pipeline } from '../define/define-pipeline.ts';
import { param } from '../define/parameter.ts';
import { formatFinding } from './finding.ts';
import { lintPipeline, requireSound } from './lint.ts';
import { nearest } from './nearest.ts';

// As a JavaScript user has them: without types.
// biome-ignore lint/suspicious/noExplicitAny: the point of these tests
type Untyped = (...args: any[]) => any;
const { exampleGen, statisticsGen, schemaGen, exampleValidator, transform, trainer, evaluator, pusher } =
  components as unknown as Record<string, Untyped>;

function errors(define: Untyped, parameters = {}): string[] {
  const pipeline = definePipeline('linted', parameters, define);
  return lintPipeline(pipeline)
    .filter(({ level }) => level === 'error')
    .map(formatFinding);
}

describe('lintPipeline', () => {
  it('names step, input and remedy of a missing input', () => {
    const define = () => {
      exampleGen!({ source: 'a' });
      statisticsGen!({});
      schemaGen!();
    };
    expect(errors(define)).toEqual([
      'statistics-gen.examples: this input (Examples) is not wired. Pass example-gen.examples.',
      'schema-gen.statistics: this input (ExampleStatistics) is not wired. Pass statistics-gen.statistics.',
    ]);
  });

  it('finds wrong types, whole steps, plain values, unknown inputs, histories', () => {
    const found = errors(() => {
      const { examples } = exampleGen!({ source: 'a' });
      const { statistics } = statisticsGen!({ examples });
      exampleValidator!({ statistics: examples, schema: schemaGen!({ statistics }) });
      schemaGen!({ statistics: 'statistics.json', example: examples });
      exampleGen!({ source: 'a', previous: examples });
    });
    expect(found).toEqual([
      'example-validator.statistics: expected ExampleStatistics, got Examples (example-gen.examples). Pass statistics-gen.statistics.',
      'example-validator.schema: expected Schema from another step, got all outputs of a step; use one, as in { schema }. Pass schema-gen.schema or schema-gen-2.schema.',
      'schema-gen-2.statistics: expected ExampleStatistics from another step, got "statistics.json". Pass statistics-gen.statistics.',
      'schema-gen-2.example: SchemaGen has no such input. It takes statistics.',
      "example-gen-2.previous: this input is filled with an earlier run's artifact. Remove it.",
    ]);
  });

  it('finds channels of another pipeline', () => {
    let foreign: unknown;
    definePipeline('other', {}, () => {
      foreign = exampleGen!({ source: 'a' }).examples;
    });
    expect(errors(() => statisticsGen!({ examples: foreign }))[0]).toContain('of another pipeline');
  });

  it('checks parameters by their schema, and misspelt ones', () => {
    const found = errors(() => {
      exampleGen!({ sorce: 'a', splits: { train: -1, evil: 1 } });
      const { examples } = exampleGen!({ source: 'a', splits: { evil: 1 } });
      const { transformGraph } = transform!({ examples });
      const { model } = trainer!({ examples, transformGraph, head: { epochz: 4 }, task: /unwell/ });
      pusher!({ model, modelName: 'x', endpoints: 'y' });
    });
    expect(found).toEqual([
      expect.stringMatching(/^example-gen\.source: .*it is missing/),
      expect.stringMatching(/^example-gen\.splits\.train: .*got -1/),
      'example-gen-2.splits.evil: unknown parameter. Remove it.',
      expect.stringContaining(
        'trainer.task: a RegExp cannot be recorded as JSON. For a yes-or-no question use question(',
      ),
      'pusher.endpoints: unknown parameter. Did you mean "endpoint".',
    ]);
  });

  it('refuses thresholds on metrics and alterations that do not exist, or that are not measured', () => {
    const found = errors(() => {
      const { examples } = exampleGen!({ source: 'a' });
      const { model } = trainer!({ examples, transformGraph: transform!({ examples }).transformGraph });
      evaluator!({ examples, model, thresholds: { acuracy: { min: 0.9 } }, robustness: { kinds: ['fog'] } });
      const robustnessThresholds = { blur: { accuracy: { change: -0.1 } }, crop: { accuracy: { maxDrop: 0.1 } } };
      evaluator!({ examples, model, robustness: { kinds: ['crop'] }, robustnessThresholds });
      evaluator!({ examples, model, robustness: true, robustnessThresholds });
    });
    expect(found).toEqual([
      expect.stringMatching(/^evaluator\.thresholds\.acuracy: /),
      expect.stringMatching(/^evaluator\.robustness.*fog/),
      expect.stringMatching(/^evaluator-2\.robustnessThresholds\.blur: is not measured.*measured: crop/),
      'evaluator-3.robustnessThresholds.crop.accuracy.maxDrop: unknown parameter. Remove it.',
    ]);
  });

  it('does not check values that only a run has', () => {
    const parameters = { sum: param.string(), dir: param.uri(), epochs: param.integer(), test: param.uri().optional() };
    const define = ({ sum, dir, epochs, test }: Record<string, unknown>) => {
      const { examples } = exampleGen!({ source: dir, test });
      const { transformGraph } = transform!({ examples, backbone: { path: 'x.onnx', sha256: sum } });
      trainer!({ examples, transformGraph, head: { epochs } });
    };
    expect(errors(define, parameters)).toEqual([]);
    const pipeline = definePipeline('linted', parameters, define);
    const findings = lintPipeline(pipeline, { sum: 'bad', dir: 'x', epochs: -4 }).filter(
      ({ level }) => level === 'error',
    );
    expect(findings.map(({ step, key }) => `${step}.${key}`)).toEqual([
      'transform.backbone.sha256',
      'trainer.head.epochs',
    ]);
  });

  it('checks names, options and that there are steps', () => {
    expect(errors(() => {})).toEqual(['the pipeline has no steps. Call components in its definition.']);
    const found = errors(() => {
      exampleGen!({ source: 'a' }, { name: 'Photos!' });
      exampleGen!({ source: 'a' }, { name: 'twin', retries: -1 });
      exampleGen!({ source: 'a' }, { name: 'twin', timeout: '5 minutes', cache: false });
    });
    expect(found).toEqual([
      'Photos!: the name is not valid. Use lower-case letters, digits and dashes, at most 64.',
      'twin: two steps have this name. Give each a unique name.',
      'twin.retries: expected a whole number from 0 to 20, got -1. Correct this option.',
      'twin.timeout: expected a duration such as "30s", "10min" or "2h", got "5 minutes". Correct this option.',
      'twin.cache: unknown step option. Options are name, retries, timeout.',
    ]);
  });

  it('finds cycles and steps out of order in a pipeline built by hand', () => {
    const pipeline = definePipeline('linted', {}, () => {
      const { examples } = exampleGen!({ source: 'a' });
      statisticsGen!({ examples });
    });
    const turned: Pipeline = { ...pipeline, steps: [...pipeline.steps].reverse() };
    expect(lintPipeline(turned)[0]?.problem).toContain('is not before');
  });

  it('notes outputs that nothing reads, without stopping the run', () => {
    const pipeline = definePipeline('linted', {}, () => void exampleGen!({ source: 'a' }));
    expect(requireSound(pipeline)).toMatchObject([{ level: 'note', step: 'example-gen', key: 'examples' }]);
  });

  it('throws all errors at once', () => {
    const pipeline = definePipeline('linted', {}, () => {
      exampleGen!({});
      statisticsGen!({});
    });
    expect(() => requireSound(pipeline)).toThrow(
      /2 error\(s\):\n {2}statistics-gen.examples.*\n {2}example-gen.source/,
    );
  });
});

describe('nearest', () => {
  it('finds a misspelt name, not a different one', () => {
    expect(nearest('sorce', ['source', 'test'])).toBe('source');
    expect(nearest('blessing', ['source', 'test'])).toBeNull();
  });
});
