import { type Monitor, type MonitorKind, monitorSchema } from '../contracts/loop/monitor.ts';

type Default = Partial<Omit<Monitor, 'name' | 'endpoint' | 'kind'>>;

/** Training photos have no user events: the version's first week is the reference. */
const firstWeek: Default = { reference: { from: 'first-days', days: 7 } };

/** `reference`: the number comes from the model's eval photos. Other defaults suit most services. */
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
  // labels arrive late
  'measured-accuracy': { parameters: { min: 'reference' }, window: { by: 'time', days: 7 } },
  'estimated-accuracy': { parameters: { min: 'reference' } },
  calibration: { window: { by: 'time', days: 7 } },
  'user-events': firstWeek,
  'traffic-absent': { minSamples: 0 },
};

/** The monitors that each served endpoint gets. */
export function defaultMonitors(endpoint: string): Monitor[] {
  return Object.entries(defaults).map(([kind, given]) =>
    monitorSchema.parse({ name: `${endpoint}.${kind}`, endpoint, kind, ...given }),
  );
}
