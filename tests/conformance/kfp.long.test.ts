import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runHere } from '../support/run-here.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';

/** A Python with the package `kfp`: python3 -m venv kfp && kfp/bin/pip install kfp==2.17.3 */
const python = process.env.MITATE_TEST_KFP_PYTHON;
const leaf = fileURLToPath(new URL('../../examples/leaf/pipeline.ts', import.meta.url));

const check = `
import json, sys, yaml
from google.protobuf.json_format import ParseDict
from kfp import components
from kfp.local import io
from kfp.local.orchestrator.enhanced_dag_orchestrator import ConditionEvaluator
from kfp.pipeline_spec import pipeline_spec_pb2

path = sys.argv[1]
spec = ParseDict(yaml.safe_load(open(path)), pipeline_spec_pb2.PipelineSpec())
component = components.load_component_from_file(path)
condition = spec.root.dag.tasks['gate-pusher'].trigger_policy.condition

def gate(*verdicts):
    store = io.IOStore()
    for task, verdict in zip(('evaluator', 'infra-validator'), verdicts):
        store.put_task_output(task, 'blessed', verdict)
    return ConditionEvaluator.evaluate_condition(condition, store)

print(json.dumps({
    'tasks': sorted(spec.root.dag.tasks),
    'inputs': {name: spec.optional for name, spec in component.component_spec.inputs.items()},
    'gates': [gate('true', 'true'), gate('true', 'false'), gate('false', 'true')],
}))
`;

it.skipIf(python === undefined)(
  'the kfp package loads a compiled pipeline and opens its gate for verdicts that are all positive (needs MITATE_TEST_KFP_PYTHON)',
  async () => {
    using folder = new ScratchFolder();
    const output = folder.at('leaf.yaml');
    const image = `registry.example/leaf@sha256:${'a'.repeat(64)}`;
    await runHere(['compile', leaf, '--target', 'kfp', '--image', image, '--output', output]);
    const read = execFileSync(python!, ['-c', check, output], { encoding: 'utf8' });
    expect(JSON.parse(read)).toEqual({
      tasks: [
        ...['evaluator', 'example-gen', 'example-validator', 'gate-pusher', 'infra-validator', 'resolver'],
        ...['schema-gen', 'statistics-gen', 'trainer', 'transform'],
      ],
      inputs: { images: false, field: true, corrections: true, test: true, views: true },
      gates: [true, false, false],
    });
  },
);
