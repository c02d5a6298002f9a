import type { MonitorKind } from '../../contracts/loop/monitor.ts';
import { abandonment, acceptance, outcome } from '../behaviour/rates.ts';
import { timeToDecision } from '../behaviour/time-to-decision.ts';
import { userEvents } from '../behaviour/user-events.ts';
import { valuePerRequest } from '../behaviour/value-per-request.ts';
import { abstain } from './abstain.ts';
import { calibration } from './calibration.ts';
import { embeddingDrift } from './embedding-drift.ts';
import { embeddingMmd } from './embedding-mmd.ts';
import { errorRate } from './error-rate.ts';
import { estimatedAccuracy } from './estimated-accuracy.ts';
import { heatMapDrift } from './heat-map-drift.ts';
import { imageProperties } from './image-properties.ts';
import { labelDrift } from './label-drift.ts';
import { latency } from './latency.ts';
import { measuredAccuracy } from './measured-accuracy.ts';
import type { MonitorDefinition } from './monitor-kind.ts';
import { outOfDistribution } from './out-of-distribution.ts';
import { positiveRate } from './positive-rate.ts';
import { predictionDrift } from './prediction-drift.ts';
import { qualityHints } from './quality-hints.ts';
import { trafficAbsent } from './traffic-absent.ts';

const definitions = [
  positiveRate,
  predictionDrift,
  labelDrift,
  embeddingDrift,
  embeddingMmd,
  imageProperties,
  outOfDistribution,
  abstain,
  qualityHints,
  heatMapDrift,
  errorRate,
  latency,
  measuredAccuracy,
  estimatedAccuracy,
  calibration,
  userEvents,
  acceptance,
  abandonment,
  timeToDecision,
  outcome,
  valuePerRequest,
  trafficAbsent,
] as unknown as MonitorDefinition[];

export const monitorTable = Object.fromEntries(
  definitions.map((definition) => [definition.kind, definition]),
) as Record<MonitorKind, MonitorDefinition>;
