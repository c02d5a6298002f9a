import { describe, expect, it } from 'vitest';
import { everything } from '../../../tests/support/everything-done.ts';
import { assessMaturity, maturityChecks } from './assess.ts';
import type { Facts, StepFacts } from './facts.ts';

// biome-ignore lint/suspicious/noExplicitAny: takes apart what is whole
type Whole = any;
type Way = (facts: Whole) => void;

const step = ({ training }: Whole, component: string): Whole =>
  training.steps.find(({ execution }: StepFacts) => execution.component === component);
const output = (facts: Whole, type: string): Whole =>
  facts.training.steps.flatMap((each: StepFacts) => each.outputs).find(({ key }: { key: string }) => key === type)
    .artifact;
const unread = (component: string, type: string): Way => {
  return (facts) => {
    const of = step(facts, component);
    of.inputs = of.inputs.filter(({ key }: { key: string }) => key !== type);
  };
};
/** The step reads an artifact of this type that another run made. */
const another = (component: string, type: string): Way => {
  return (facts) => {
    const read = step(facts, component).inputs.find(({ key }: { key: string }) => key === type);
    read.artifact = { ...read.artifact, id: 'of another run' };
  };
};
const check = (name: string, change: object): Way => {
  return ({ proofs }) =>
    Object.assign(
      proofs[0].checks.find((each: { name: string }) => each.name === name),
      change,
    );
};
const fired = (kind: string, change: object): Way => {
  return ({ firings }) =>
    Object.assign(
      firings.find(({ trigger }: { trigger: string }) => trigger === kind),
      change,
    );
};
const starts = (change: object): Way => {
  return (facts) =>
    facts.starts.forEach((each: object) => {
      Object.assign(each, change);
    });
};
const both =
  (...ways: Way[]): Way =>
  (facts) =>
    ways.forEach((way) => {
      way(facts);
    });

const tests = ['L2.7', 'L2.8', 'L2.9', 'L2.10', 'L2.11', 'L2.12'];
const releases = ['L1.3', 'L1.6', 'L2.3', 'L2.18', 'L2.19', 'L2.20'];
const byTriggers = ['L1.2', 'L1.8', 'L1.23', 'L1.24', 'L1.25', 'L1.26', 'L2.6'];
const notHere = { trained: new Set() };

/** What a hostile reader does so that a check is green without the thing; the checks that nothing shows then, and of them those that are only claimed. */
const ways: [what: string, way: Way, red: string[], claimed?: string[]][] = [
  [
    'steps that share no data',
    ({ training }) =>
      training.steps.forEach((each: Whole) => {
        each.inputs = [];
      }),
    ['L1.1', 'L1.5', 'L1.7', 'L1.9', 'L1.11', 'L1.12', 'L1.14', 'L1.20', 'L1.21', 'L2.13', 'L2.16', 'L2.17'],
  ],
  [
    'a trigger that nobody has looked at since yesterday',
    (facts) => {
      facts.lastTickAt = new Date('2026-11-19');
    },
    byTriggers,
    ['L1.23', 'L1.24', 'L1.25', 'L1.26'],
  ],
  [
    'a worker that never ran',
    (facts) => {
      facts.lastTickAt = null;
    },
    byTriggers,
    ['L1.23', 'L1.24', 'L1.25', 'L1.26'],
  ],
  [
    'triggered runs that took the model from the cache',
    (facts) => void facts.trained.delete('run-2'),
    [...byTriggers, 'L2.4'],
    ['L1.23', 'L1.24', 'L1.25', 'L1.26'],
  ],
  [
    'triggered runs that failed',
    ({ firings }) =>
      firings.forEach(({ run }: Whole) => {
        run.state = 'failed';
      }),
    byTriggers,
    ['L1.23', 'L1.24', 'L1.25', 'L1.26'],
  ],
  [
    'runs of triggers that somebody asked for',
    ({ firings }) =>
      firings.forEach((each: Whole) => {
        each.occasion = 'demand:1';
      }),
    [...byTriggers, 'L2.4'],
    ['L1.23', 'L1.24', 'L1.25', 'L1.26'],
  ],
  [
    'runs of triggers of before that had the same names',
    ({ firings }) =>
      firings.forEach((each: Whole) => {
        each.at = new Date('2026-11-01');
      }),
    byTriggers,
    ['L1.23', 'L1.24', 'L1.25', 'L1.26'],
  ],
  [
    'triggers that were turned off',
    ({ triggers }) =>
      triggers.forEach((each: Whole) => {
        each.isEnabled = false;
      }),
    byTriggers,
  ],
  ['a trigger that exists and fired never: schedule', ({ firings }) => void firings.splice(1, 1), ['L1.23'], ['L1.23']],
  ['a call that says that there are photos', fired('new-data', { occasion: 'call:1' }), ['L1.24'], ['L1.24']],
  [
    'a schedule under the name of a trigger on accuracy',
    fired('performance', { occasion: 'schedule:1' }),
    ['L1.25'],
    ['L1.25'],
  ],
  [
    'an alert that fired a schedule of that name',
    fired('drift', { trigger: 'schedule' }),
    ['L1.8', 'L1.26'],
    ['L1.26'],
  ],
  [
    'a stage that only the sender names',
    starts({ stageIsSet: false }),
    ['L1.3', 'L1.6', 'L2.18', 'L2.19', 'L2.20'],
    ['L1.3', 'L1.6', 'L2.18', 'L2.19', 'L2.20'],
  ],
  [
    'a deployment to the workspace itself',
    (facts) => {
      facts.releases[0].madeHere = true;
    },
    ['L1.3', 'L1.6', 'L2.20'],
    ['L1.3', 'L1.6', 'L2.20'],
  ],
  ['runs of a release that took the model from the cache', starts({ trained: false }), releases, releases],
  ['runs of a release of which nobody knows whether they trained', starts({ trained: null }), releases, releases],
  ['runs of a release that failed', starts({ state: 'failed' }), releases],
  ['runs of other code than was released', starts({ isSameDefinition: false }), ['L1.3', 'L1.6'], ['L1.3', 'L1.6']],
  [
    'a test in a container, as a sender says',
    ({ proofs }) => {
      proofs[0].origin = 'sent';
    },
    ['L1.4', 'L2.2', ...tests],
    ['L1.4', 'L2.2', ...tests],
  ],
  ['a test in no container', check('container', { passed: false }), ['L1.4']],
  [
    'a container around one component',
    ({ training }) =>
      training.steps.forEach(({ execution }: Whole) => {
        execution.component = 'All';
      }),
    ['L1.4', 'L1.5', 'L1.7', 'L1.9', 'L1.11', 'L1.12', 'L1.14', 'L1.20', 'L1.21', 'L2.13', 'L2.16', 'L2.17'],
  ],
  [
    'a model that somebody deployed by hand',
    (facts) => {
      facts.delivery = null;
    },
    ['L1.5'],
  ],
  [
    'a schema inferred from the same photos',
    (facts) => {
      output(facts, 'Schema').properties.curated = false;
    },
    ['L1.7'],
  ],
  ['a validator of another schema', another('ExampleValidator', 'Schema'), ['L1.7']],
  [
    'anomalies that nothing waits for',
    both(unread('Trainer', 'ExampleAnomalies'), unread('Transform', 'ExampleAnomalies')),
    ['L1.7'],
  ],
  [
    'an evaluation of another model',
    another('Evaluator', 'Model'),
    ['L1.5', 'L1.9', 'L1.11', 'L1.20', 'L1.21', 'L2.17'],
  ],
  [
    'an evaluation on three photos',
    ({ training }) => {
      training.evaluation.examples = 3;
    },
    ['L1.9', 'L1.11'],
  ],
  [
    'an evaluation without values',
    ({ training }) => {
      training.evaluation.metrics = {};
    },
    ['L1.9', 'L1.11', 'L1.21'],
  ],
  [
    'a comparison with itself',
    ({ training }) => {
      training.evaluation.baselineDigest = training.evaluation.modelDigest;
    },
    ['L1.10'],
  ],
  [
    'a comparison with a model that never served',
    (facts) => {
      facts.endpointEvents = [];
    },
    ['L1.10'],
  ],
  [
    'a comparison with a model that was only a shadow',
    ({ endpointEvents }) => {
      endpointEvents[0].after[0].role = 'shadow';
    },
    ['L1.10'],
  ],
  [
    'a digest without a difference',
    ({ training }) => {
      training.evaluation.baseline = null;
    },
    ['L1.10'],
  ],
  [
    'slices of recall 0',
    ({ training }) =>
      training.evaluation.slices.forEach(({ metrics }: Whole) => {
        metrics.recall.value = 0;
      }),
    ['L1.11'],
  ],
  [
    'one slice that falls behind',
    ({ training }) => {
      training.evaluation.slices[1].metrics.recall.value = 0.7;
    },
    ['L1.11'],
  ],
  [
    'slices of a photo or two',
    ({ training }) =>
      training.evaluation.slices.forEach((each: Whole) => {
        each.examples = 2;
      }),
    ['L1.11'],
  ],
  ['one slice', ({ training }) => void training.evaluation.slices.pop(), ['L1.11']],
  ['a check of the infrastructure that the push does not wait for', unread('Pusher', 'InfraBlessing'), ['L1.12']],
  ['a boot of another model', another('InfraValidator', 'Model'), ['L1.12', 'L1.14', 'L2.13']],
  ['a push of another model', another('Pusher', 'Model'), ['L1.5', 'L1.12', 'L2.17']],
  [
    'a push that did not take place',
    (facts) => {
      output(facts, 'PushedModel').properties.pushed = 0;
    },
    ['L1.5', 'L1.12', 'L2.17'],
  ],
  [
    'no checks of the infrastructure',
    ({ training }) => {
      training.infraBlessing.checks = [];
    },
    ['L1.12', 'L1.14', 'L2.13'],
  ],
  [
    'a candidate that only saw shadow',
    ({ promotions }) => {
      promotions[0].decisions[0].state = 'shadow';
    },
    ['L1.13'],
  ],
  [
    'a canary that was ended before it was judged',
    ({ promotions }) => {
      promotions[0].decisions[1].evidence = null;
    },
    ['L1.13', 'L2.5'],
  ],
  [
    'a canary without traffic',
    ({ promotions }) => {
      promotions[0].decisions[1].evidence.checks[0].verdict = 'no-data';
    },
    ['L1.13', 'L2.5'],
  ],
  [
    'a canary of one request',
    ({ promotions }) => {
      promotions[0].policy.canary.requestsAStep = 1;
    },
    ['L1.13'],
  ],
  [
    'another backbone in serving',
    (facts) => {
      output(facts, 'TransformGraph').properties.backbone_digest = 'x';
    },
    ['L1.14'],
  ],
  [
    'answers that are not those of training',
    ({ training }) => {
      training.infraBlessing.checks[1].passed = false;
    },
    ['L1.12', 'L1.14'],
  ],
  [
    'a component with an empty version',
    ({ training }) => {
      training.steps[0].execution.keyParts.component = 'ExampleGen@';
    },
    ['L1.15'],
  ],
  [
    'code without a digest',
    ({ training }) => {
      training.run = { ...training.run, codeDigest: null };
    },
    ['L1.4', 'L1.15', ...tests],
  ],
  [
    'a step without an end',
    ({ training }) => {
      training.steps[0].execution.finishedAt = null;
    },
    ['L1.16'],
  ],
  [
    'a step that ended before it began',
    ({ training }) => {
      training.steps[0].execution.finishedAt = new Date(0);
    },
    ['L1.16'],
  ],
  [
    'a run of nobody',
    ({ training }) => {
      training.run = { ...training.run, who: '' };
    },
    ['L1.17'],
  ],
  [
    'a run of somebody whom a webhook names',
    ({ training }) => {
      training.run = { ...training.run, who: 'webhook:mika' };
    },
    ['L1.17'],
    ['L1.17'],
  ],
  [
    'no parameters',
    ({ training }) => {
      training.run = { ...training.run, parameters: {} };
    },
    ['L1.18'],
  ],
  [
    'a step from the cache of a run that held',
    (facts) => {
      facts.resumed = null;
    },
    ['L1.19'],
  ],
  [
    'pointers to folders that are empty',
    ({ training }) => {
      training.lost = 1;
    },
    ['L1.19'],
  ],
  [
    'an artifact that was deleted',
    (facts) => {
      output(facts, 'Model').deletedAt = new Date();
    },
    ['L1.19'],
  ],
  [
    'a pointer to a model that nobody registered',
    (facts) => {
      output(facts, 'ModelBlessing').properties.baseline_model_id = 'x';
    },
    ['L1.20'],
  ],
  [
    'a pointer to the model itself',
    (facts) => {
      output(facts, 'ModelBlessing').properties.baseline_model_id = 'Model-1';
    },
    ['L1.20'],
  ],
  [
    'a training without an epoch',
    (facts) => {
      output(facts, 'ModelRun').properties.epochs = 0;
    },
    ['L1.21'],
  ],
  [
    'runs on demand that trained nothing',
    (facts) => Object.assign(facts, { runs: facts.runs.slice(0, 1), ...notHere }),
    ['L1.2', 'L1.8', 'L1.22', 'L1.23', 'L1.24', 'L1.25', 'L1.26', 'L2.4', 'L2.6'],
    ['L1.23', 'L1.24', 'L1.25', 'L1.26'],
  ],
  [
    'a commit that only the sender names',
    starts({ workflow: null }),
    ['L2.1', 'L2.3', 'L2.18', 'L2.19'],
    ['L2.1', 'L2.3', 'L2.18', 'L2.19'],
  ],
  [
    'another commit than the workflow was at',
    ({ releases }) => {
      releases[0].gitCommit = 'def';
    },
    ['L2.1'],
    ['L2.1'],
  ],
  ['CI=1', ({ proofs }) => Object.assign(proofs[0], { ci: 'ci', origin: 'here' }), ['L2.2'], ['L2.2']],
  [
    'tests in CI of other code than was released',
    ({ releases }) => {
      releases[0].codeDigest = 'x';
    },
    ['L2.2'],
  ],
  [
    'a model of a run on demand',
    ({ versions }) =>
      versions.forEach((each: Whole) => {
        each.runId = 'run-1';
      }),
    ['L2.4'],
  ],
  [
    'a promotion that somebody started by hand',
    ({ promotions }) => {
      promotions[0].createdAt = new Date();
    },
    ['L2.5'],
  ],
  [
    'a promotion that was rejected',
    ({ promotions }) => {
      promotions[0].state = 'rejected';
    },
    ['L2.5'],
  ],
  [
    'a monitor that has seen too little',
    ({ results }) => {
      results[0].state = 'not-enough-data';
    },
    ['L2.6'],
  ],
  [
    'a monitor of another endpoint',
    ({ monitors }) => {
      monitors[0].endpoint = 'roses';
    },
    ['L2.6'],
  ],
  [
    'a test of other code',
    ({ proofs }) => {
      proofs[0].codeDigest = 'x';
    },
    ['L1.4', 'L2.2', ...tests],
  ],
  [
    'a test of another pipeline',
    ({ proofs }) => {
      proofs[0].subject = 'roses';
    },
    ['L1.4', ...tests],
  ],
  ...['features', 'model', 'converges', 'finite', 'artifacts', 'integration'].map((name, i): (typeof ways)[number] => [
    `a test that failed: ${name}`,
    check(name, { passed: false }),
    [tests[i]!],
  ]),
  [
    'a limit that nothing exceeds',
    ({ training }) => {
      training.infraBlessing.checks[0].threshold = 1e9;
    },
    ['L2.13'],
  ],
  [
    'one answer',
    (facts) => {
      facts.answers.answered = 1;
    },
    ['L2.14'],
  ],
  [
    'answers among failures',
    (facts) => {
      facts.answers.failed = 1;
    },
    ['L2.14'],
  ],
  ['a load test of a moment', ({ proofs }) => void proofs[1].checks.pop(), ['L2.15']],
  [
    'a load test that a sender says passed',
    ({ proofs }) => {
      proofs[1].origin = 'sent';
    },
    ['L2.15'],
  ],
  [
    'a load test of an endpoint that is gone',
    (facts) => {
      facts.endpoints = [];
    },
    ['L2.15'],
  ],
  [
    'a load test before the newest, which failed',
    ({ proofs }) => void proofs.splice(1, 0, { ...proofs[1], passed: false }),
    ['L2.15'],
  ],
  ['the validation of other photos', another('StatisticsGen', 'Examples'), ['L2.16']],
  [
    'a validation that found errors',
    (facts) => {
      output(facts, 'ExampleAnomalies').properties.blessed = 0;
    },
    ['L2.16'],
  ],
  [
    'auc >= 0',
    ({ training }) => {
      training.blessing.checks[0].threshold = 0;
    },
    ['L1.5', 'L2.17'],
  ],
  [
    'a share of right answers that guessing has',
    ({ training }) =>
      Object.assign(training.blessing.checks[0], { name: 'overall: accuracy at least 0.5', threshold: 0.5 }),
    ['L1.5', 'L2.17'],
  ],
  [
    'recall alone, which "always unwell" has',
    ({ training }) =>
      Object.assign(training.blessing.checks[0], { name: 'overall: recall at least 0.99', threshold: 0.99 }),
    ['L1.5', 'L2.17'],
  ],
  [
    'a change alone',
    ({ training }) =>
      Object.assign(training.blessing.checks[0], { name: 'overall: change of auc at least 0.9', threshold: 0.9 }),
    ['L1.5', 'L2.17'],
  ],
  ...['label=rust', 'site=field'].map((slice): (typeof ways)[number] => [
    `a threshold on ${slice} alone: its own answer finds every photo of a label`,
    ({ training }) =>
      Object.assign(training.blessing.checks[0], { name: `${slice}: accuracy at least 0.95`, threshold: 0.95 }),
    ['L1.5', 'L2.17'],
  ]),
  ['a verdict that the push does not wait for', unread('Pusher', 'ModelBlessing'), ['L1.5', 'L2.17']],
  [
    'a branch that anybody may push to',
    ({ starts }) => {
      starts[2].workflow = { ...starts[2].workflow, isProtected: false };
    },
    ['L2.19'],
    ['L2.19'],
  ],
  [
    'a workflow that somebody started by hand',
    ({ starts }) => {
      starts[2].workflow = { ...starts[2].workflow, event: 'workflow_dispatch' };
    },
    ['L2.19'],
    ['L2.19'],
  ],
  [
    'a deployment to production by a script',
    ({ starts }) => {
      starts[0].byHand = false;
    },
    ['L2.20'],
    ['L2.20'],
  ],
  [
    'one run in pre-production, counted twice',
    ({ starts }) => {
      starts[3].runId = starts[2].runId;
    },
    ['L2.20'],
    ['L2.20'],
  ],
  [
    'runs in pre-production of another release',
    ({ starts }) => {
      starts[3].release = 'leaf-0';
    },
    ['L2.20'],
    ['L2.20'],
  ],
  [
    'a second run in pre-production from the cache',
    ({ starts }) => {
      starts[3].trained = false;
    },
    ['L2.20'],
    ['L2.20'],
  ],
];

const answersOf = (facts: Facts) => assessMaturity(facts);
const idsOf = (answers: ReturnType<typeof answersOf>) => answers.map(({ id }) => id);

describe('maturity', () => {
  it('has 46 checks, 26 of level 1 and 20 of level 2, in order', () => {
    const expected = [
      ...Array.from({ length: 26 }, (_, i) => `L1.${i + 1}`),
      ...Array.from({ length: 20 }, (_, i) => `L2.${i + 1}`),
    ];
    expect(maturityChecks.map(({ id }) => id)).toEqual(expected);
  });

  it('finds nothing in an empty store, and says for each how to close the gap', () => {
    const lists = {
      runs: [],
      versions: [],
      endpoints: [],
      endpointEvents: [],
      monitors: [],
      results: [],
      triggers: [],
    };
    const nothing: Facts = {
      ...{ ...lists, firings: [], promotions: [], releases: [], starts: [], proofs: [], trained: new Set() },
      ...{ training: null, resumed: null, delivery: null, lastTickAt: null, now: new Date() },
      answers: { answered: 0, failed: 0 },
    };
    for (const { holds, evidence, claim, gap } of answersOf(nothing)) {
      expect([holds, evidence, claim]).toEqual([false, null, null]);
      expect(gap).not.toBe('');
    }
  });

  it('finds all where all was done, with evidence, no claim and no gap', () => {
    const answers = answersOf(everything());
    expect(answers.filter(({ holds }) => !holds)).toEqual([]);
    expect(answers.every(({ evidence, claim, gap }) => evidence && claim === null && gap === null)).toBe(true);
  });

  it.each(ways)('is not met by %s', (_what, way, red, claimed = []) => {
    const facts = structuredClone(everything());
    way(facts);
    const unmet = answersOf(facts).filter(({ holds }) => !holds);
    expect(idsOf(unmet)).toEqual(red.toSorted((a, b) => idsInOrder.indexOf(a) - idsInOrder.indexOf(b)));
    expect(idsOf(unmet.filter(({ claim }) => claim !== null))).toEqual(
      claimed.toSorted((a, b) => idsInOrder.indexOf(a) - idsInOrder.indexOf(b)),
    );
  });

  it('knows a way for each of the 46', () => {
    expect(new Set(ways.flatMap(([, , ids]) => ids)).size).toBe(46);
  });

  it('counts a trigger that somebody asked for its run as a run on demand', () => {
    const facts = everything();
    facts.runs = [{ ...facts.runs[1]!, id: 'run-3', trigger: 'trigger drift' }];
    facts.trained = new Set(['run-2', 'run-3']);
    const isMet = () => answersOf(facts).find(({ id }) => id === 'L1.22')!.holds;
    expect(isMet()).toBe(false);
    facts.firings.push({ ...facts.firings[0]!, occasion: 'demand:1', run: { ...facts.firings[0]!.run!, id: 'run-3' } });
    expect(isMet()).toBe(true);
  });

  it('takes a test that was made here, or a commit that was looked up here', () => {
    const facts = structuredClone(everything()) as Whole;
    facts.proofs[0].origin = 'here';
    facts.releases[0].madeHere = true;
    for (const each of facts.starts) Object.assign(each, { workflow: null, place: 'https://elsewhere.example' });
    const unmet = answersOf(facts).filter(({ holds }) => !holds);
    expect(idsOf(unmet)).toEqual(['L2.2', 'L2.3', 'L2.18', 'L2.19']);
  });
});

const idsInOrder = maturityChecks.map(({ id }) => id);
