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

/** Of an endpoint whose users send events: without them they would share the false-alarm rate for nothing. */
const ofBehaviour: Partial<Record<MonitorKind, Default>> = {
  acceptance: firstWeek,
  abandonment: firstWeek,
  'time-to-decision': firstWeek,
  // outcomes arrive late
  outcome: { reference: { from: 'first-days', days: 30 }, window: { by: 'time', days: 30 } },
};

/** The monitors that each served endpoint gets. `value-per-request` is none: somebody has to name its currency. */
export function defaultMonitors(endpoint: string, { hasUserEvents }: { hasUserEvents: boolean }): Monitor[] {
  return Object.entries({ ...defaults, ...(hasUserEvents && ofBehaviour) }).map(([kind, given]) =>
    monitorSchema.parse({ name: `${endpoint}.${kind}`, endpoint, kind, ...given }),
  );
}
