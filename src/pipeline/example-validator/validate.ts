import type { Anomalies, Anomaly, BackgroundProbe } from '../../contracts/artifacts/anomalies.ts';
import { missingAttributes, unknownValues } from './checks/attributes.ts';
import { alikeConflicts, conflicts } from './checks/conflicts.ts';
import { backgroundGivesAway, drifted } from './checks/drift.ts';
import { manyRejected, outOfRange, tooSmall, unknownFormats } from './checks/images.ts';
import { imbalance, labelsSince, missingLabels, unknownLabels } from './checks/labels.ts';
import { alikeLabels, emptyLabels, rareLabels } from './checks/odd-labels.ts';
import { groupsInTwoSplits, missingSplits, nearDuplicatesInTwoSplits, photosInTwoSplits } from './checks/splits.ts';
import { driftSincePrevious, skewBetweenSplits } from './drift.ts';
import type { Evidence } from './report.ts';

const checks = [
  unknownLabels,
  missingLabels,
  unknownFormats,
  tooSmall,
  missingSplits,
  photosInTwoSplits,
  groupsInTwoSplits,
  missingAttributes,
  unknownValues,
  manyRejected,
  conflicts,
  alikeConflicts,
  alikeLabels,
  emptyLabels,
  rareLabels,
  imbalance,
  labelsSince,
  nearDuplicatesInTwoSplits,
  outOfRange,
] as const;

/** All anomalies of the data, errors first. */
export function validate(evidence: Evidence, probe: BackgroundProbe | null): Anomalies {
  const drift = [...driftSincePrevious(evidence), ...skewBetweenSplits(evidence)];
  const found = [...checks.flatMap((check) => check(evidence)), ...drifted(drift), ...backgroundGivesAway(probe)];
  const anomalies = [...bySeverity(found, 'error'), ...bySeverity(found, 'warning')];
  const errors = bySeverity(found, 'error').length;
  const { previous } = evidence;
  return {
    format: 'mitate-anomalies/1',
    blessed: errors === 0,
    errors,
    warnings: anomalies.length - errors,
    anomalies,
    drift,
    previous: previous && { span: previous.span, version: previous.version },
    probe,
  };
}

function bySeverity(anomalies: Anomaly[], severity: Anomaly['severity']): Anomaly[] {
  return anomalies.filter((anomaly) => anomaly.severity === severity);
}
