import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pusher, transform } from '../components.ts';
import { defineComponent } from '../define/component.ts';
import { definePipeline, type Pipeline } from '../define/define-pipeline.ts';
import { loadPipeline } from '../define/load-pipeline.ts';
import { param } from '../define/parameter.ts';
import { compileIr } from './compile-ir.ts';
import type { PipelineSpec } from './ir.ts';
import { lintIr } from './lint-ir.ts';
import { toYaml } from './to-yaml.ts';
import { pathOfUri, uriOfPath } from './uri-path.ts';

const leaf = fileURLToPath(new URL('../../../examples/leaf/pipeline.ts', import.meta.url));
const image = `registry.example/leaf@sha256:${'a'.repeat(64)}`;
const compiled = (pipeline: Pipeline) =>
  compileIr(pipeline, { image, file: '/app/pipeline.ts', version: '0', cpu: 2, memory: 4 });
/** Without the digest of the definition, which changes with each component's version. */
const yamlOf = (ir: PipelineSpec) =>
  toYaml(JSON.parse(JSON.stringify(ir))).replaceAll(/"[0-9a-f]{64}"/g, '"<definition>"');

const photos = defineComponent({
  spec: {
    name: 'Photos',
    version: '1',
    inputs: {},
    outputs: { examples: { type: 'Examples' } },
    parameters: z.object({ source: z.string(), share: z.number() }),
  },
  run: async () => ({}),
});
const small = definePipeline(
  'small',
  { images: param.uri(), share: param.number().default(1e-7), n: param.integer().optional() },
  ({ images, share }) => {
    const { examples } = photos({ source: images, share }, { retries: 3 });
    transform({ examples });
  },
);

describe('compileIr', () => {
  it('compiles the leaf pipeline, with its gate, to the golden file', async () => {
    await expect(yamlOf(compiled(await loadPipeline(leaf)))).toMatchFileSnapshot('golden/leaf-health.yaml');
  });

  it('compiles retries, and values that YAML 1.1 would misread, to the golden file', async () => {
    await expect(yamlOf(compiled(small))).toMatchFileSnapshot('golden/small.yaml');
  });

  it('refuses a step that reads what is only there if the model is blessed', () => {
    const after = defineComponent({
      spec: {
        name: 'After',
        version: '1',
        inputs: { pushed: { type: 'PushedModel' } },
        outputs: {},
        parameters: z.object({}),
      },
      run: async () => ({}),
    });
    const source = defineComponent({
      spec: {
        name: 'Source',
        version: '1',
        inputs: {},
        outputs: { model: { type: 'Model' }, blessing: { type: 'ModelBlessing' } },
        parameters: z.object({}),
      },
      run: async () => ({}),
    });
    const pipeline = definePipeline('after-push', {}, () => {
      const { model, blessing } = source();
      const { pushedModel } = pusher({ model, blessing, modelName: 'm' });
      after({ pushed: pushedModel });
    });
    expect(() => compiled(pipeline)).toThrow(/"pusher", which runs only if the model is blessed/);
  });
});

describe('lintIr', () => {
  const broken = async (change: (ir: PipelineSpec) => void) => {
    const ir = compiled(await loadPipeline(leaf));
    change(ir);
    return lintIr(ir);
  };
  const trainer = (ir: PipelineSpec) => ir.root.dag.tasks.trainer!;

  it('finds nothing wrong with what is compiled', async () => {
    expect(await broken(() => {})).toEqual([]);
  });

  it.each<[string, (ir: PipelineSpec) => void, string]>([
    [
      'a wrong enumeration',
      (ir) => {
        ir.root.inputDefinitions!.parameters!.images!.parameterType = 'TEXT' as 'STRING';
      },
      'root: parameter "images" has the unknown type "TEXT"',
    ],
    [
      'an unknown component',
      (ir) => {
        trainer(ir).componentRef.name = 'comp-trainr';
      },
      'root: task "trainer" names the unknown component "comp-trainr"',
    ],
    [
      'an unknown dependent task',
      (ir) => {
        trainer(ir).dependentTasks!.push('tuner');
      },
      'root: task "trainer" depends on the unknown task "tuner"',
    ],
    [
      'a wrong output key',
      (ir) => {
        trainer(ir).inputs!.artifacts!.examples = {
          taskOutputArtifact: { producerTask: 'example-gen', outputArtifactKey: 'example' },
        };
      },
      'root: task "trainer" fills "examples" with "example", which is no output of "example-gen"',
    ],
    [
      'an unknown executor',
      (ir) => {
        ir.components['comp-trainer']!.executorLabel = 'exec-trainr';
      },
      'comp-trainer names the unknown executor "exec-trainr"',
    ],
    [
      'a condition on a channel with one dash before its key',
      (ir) => {
        ir.root.dag.tasks['gate-pusher']!.triggerPolicy!.condition =
          "inputs.parameter_values['pipelinechannel--evaluator-blessed'] == 'true'";
      },
      'root: task "gate-pusher" has a condition on "pipelinechannel--evaluator-blessed", which is none of its parameters',
    ],
    [
      'an unknown input of a sub-DAG',
      (ir) => {
        ir.components['comp-gate-pusher']!.dag!.tasks.pusher!.inputs!.artifacts!.model = {
          componentInputArtifact: 'model',
        };
      },
      'comp-gate-pusher: task "pusher" fills "model" with the unknown input "model"',
    ],
    [
      'another version of the representation',
      (ir) => {
        ir.schemaVersion = '2.0.0';
      },
      'schemaVersion is "2.0.0", not "2.1.0"',
    ],
  ])('finds %s', async (_, change, finding) => {
    expect(await broken(change)).toContain(finding);
  });
});

describe('paths of URIs', () => {
  it.each([
    ['gs://bucket/a/b/', '/gcs/bucket/a/b', 'gs://bucket/a/b'],
    ['s3://bucket/a', '/s3/bucket/a', 's3://bucket/a'],
    ['minio://mlpipeline/a', '/minio/mlpipeline/a', 'minio://mlpipeline/a'],
    ['/data/a', '/data/a', '/data/a'],
  ])('%s is at %s', (uri, path, back) => {
    expect(pathOfUri(uri)).toBe(path);
    expect(uriOfPath(path)).toBe(back);
  });

  it('refuses other schemes and relative paths', () => {
    for (const uri of ['oci://model', 'models/a', '']) expect(() => pathOfUri(uri)).toThrow(/There is no path/);
  });
});
