import type { Facts, StepFacts } from '../../src/feedback/maturity/facts.ts';

export const at = new Date('2026-11-20T12:00:00Z');
const digest = 'c'.repeat(64);

function step(
  component: string,
  inputs: string[],
  outputs: string[],
  properties: Record<string, string | number> = {},
): StepFacts {
  const artifact = (type: string) =>
    ({
      key: type,
      artifact: { id: `${type}-1`, type, uri: `/a/${type}`, digest, properties, deletedAt: null },
    }) as unknown as StepFacts['inputs'][number];
  const execution = {
    step: component.toLowerCase(),
    component,
    keyParts: { component: `${component}@1` },
    startedAt: at,
    finishedAt: at,
    summary: 'no anomalies',
  };
  return {
    execution: execution as unknown as StepFacts['execution'],
    inputs: inputs.map(artifact),
    outputs: outputs.map(artifact),
  };
}

const run = {
  id: 'run-1',
  pipeline: 'leaf',
  state: 'succeeded',
  who: 'mika',
  trigger: 'demand',
  parameters: { images: '/p' },
  definitionDigest: digest,
  startedAt: at,
  finishedAt: at,
};
const check = (name: string) => ({ name, passed: true, value: 1, threshold: 2 });
const tests = ['container', 'features', 'model', 'converges', 'finite', 'artifacts', 'integration'];
const trigger = (kind: string) => ({ name: kind, isEnabled: true, when: { kind }, createdAt: at, who: 'mika' });
const start = (seq: number, stage: string, change: object = {}) => ({
  seq,
  release: 'leaf-1',
  environment: stage,
  stage,
  via: 'command',
  who: 'mika',
  approver: null,
  branch: null,
  place: null,
  runId: `run-of-start-${seq}`,
  state: 'succeeded',
  isSameDefinition: true,
  ...change,
});

/** A workspace in which all was done. */
export function everything(): Facts {
  return {
    runs: [run, { ...run, id: 'run-2', trigger: 'trigger drift' }],
    training: {
      run,
      steps: [
        step('ExampleValidator', [], ['ExampleAnomalies']),
        step('Transform', [], ['TransformGraph'], { backbone_digest: digest }),
        step('Trainer', ['ExampleAnomalies'], ['Model', 'ModelRun'], { epochs: 3, eval_accuracy: 0.9 }),
        step('Evaluator', [], ['ModelEvaluation', 'ModelBlessing'], { baseline_model_id: 'model-0' }),
        step('Pusher', ['ModelBlessing', 'InfraBlessing'], ['PushedModel']),
      ],
      evaluation: { examples: 9, baselineDigest: digest, slices: [1], metrics: { auc: 1 } },
      blessing: { blessed: true, checks: [check('auc >= 0.95')] },
      infraBlessing: { blessed: true, checks: [check('milliseconds an answer'), check('label as at training')] },
      signature: { backbone: { digest } },
      lost: 0,
    },
    resumed: { step: 'transform', runId: 'run-2' },
    versions: [{ name: 'leaf', version: 2, blessed: true, runId: 'run-2', createdAt: new Date('2026-11-20') }],
    endpointEvents: [
      {
        endpoint: 'leaf',
        action: 'deploy',
        at: new Date('2026-11-20'),
        after: { modelName: 'leaf', version: 2 },
      },
    ],
    answered: 3,
    monitors: [{ name: 'm', isEnabled: true }],
    results: [{ monitor: 'm' }],
    triggers: ['schedule', 'new-data', 'performance', 'drift'].map(trigger),
    firings: [
      {
        trigger: 'drift',
        occasion: 'alert:1',
        state: 'fired',
        why: 'an alert is open',
        run: { id: 'run-2', state: 'succeeded' },
      },
    ],
    promotions: [
      {
        modelName: 'leaf',
        version: 2,
        endpoint: 'leaf',
        state: 'promoted',
        endedAt: at,
        decisions: [{ state: 'canary' }],
      },
    ],
    releases: [{ id: 'leaf-1', gitCommit: 'abc', codeDigest: digest }],
    starts: [
      start(5, 'production'),
      start(4, 'production', { via: 'webhook', approver: 'noor', branch: 'main' }),
      start(3, 'pre-production', { approver: 'noor', via: 'webhook' }),
      start(2, 'pre-production'),
      start(1, 'test', { via: 'webhook', approver: 'noor' }),
    ],
    proofs: [
      {
        kind: 'pipeline-test',
        subject: 'leaf',
        passed: true,
        ci: 'github a/b#1',
        codeDigest: digest,
        at,
        checks: tests.map((name) => ({ name, passed: true, said: 'held' })),
      },
      {
        kind: 'load-test',
        subject: 'leaf',
        passed: true,
        at,
        checks: [{ name: 'rate', passed: true, said: '100 photos a second' }],
      },
    ],
  } as unknown as Facts;
}
