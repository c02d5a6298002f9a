import { type Monitor, type MonitorKind, monitorSchema } from '../contracts/loop/monitor.ts';

type Default = Partial<Omit<Monitor, 'name' | 'endpoint' | 'kind'>>;

/** What people do is not known from training photos: the version's first week is the measure. */
const firstWeek: Default = { reference: { from: 'first-days', days: 7 } };

/** Numbers of the model's own eval photos stand for what "usual" is (`reference`); the others are what most services can keep. */
const defaults: Partial<Record<MonitorKind, Default>> = {
  'positive-rate': { parameters: { baseline: 'reference' }, window: { by: 'time', days: 10 } },
  'prediction-drift': {},
  'label-drift': {},
  'embedding-drift': {},
  'embedding-mmd': {},
  'image-properties': {},
  'out-of-distribution': {},
  abstain: {},
  'quality-hints': {},
  'heat-map-drift': {},
  'error-rate': {},
  latency: {},
  // labels come late
  'measured-accuracy': { parameters: { min: 'reference' }, window: { by: 'time', days: 7 } },
  'estimated-accuracy': { parameters: { min: 'reference' } },
  'user-events': firstWeek,
  'traffic-absent': { minSamples: 0 },
};

/** The monitors that a served endpoint gets without being asked. */
export function defaultMonitors(endpoint: string): Monitor[] {
  return Object.entries(defaults).map(([kind, given]) =>
    monitorSchema.parse({ name: `${endpoint}.${kind}`, endpoint, kind, ...given }),
  );
}
