import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { readSchema } from '../../artifacts/schema/read-schema.ts';
import { readBorderPixels, readStatistics } from '../../artifacts/statistics/read-statistics.ts';
import type { Anomalies } from '../../contracts/artifacts/anomalies.ts';
import type { Split } from '../../contracts/artifacts/example.ts';
import type { Statistics } from '../../contracts/artifacts/statistics.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import { reasonOf } from '../../errors/index.ts';
import { probeBackground } from './background-probe.ts';
import type { exampleValidatorSpec } from './spec.ts';
import { validate } from './validate.ts';

type Spec = typeof exampleValidatorSpec;

/** Reports anomalies without failing: the steps that require valid data fail on errors (`requireValidData`). */
export async function run(context: ContextOf<Spec>): Promise<ResultOf<Spec>> {
  const { inputs, outputs, logger } = context;
  const statistics = await readStatistics(inputs.statistics.uri);
  const schema = await readSchema(inputs.schema.uri);
  const anomalies = validate({ statistics, schema, previous: await readPrevious(context) }, await probe(context));
  await writeAnomalies(outputs.anomalies, anomalies, Object.keys(statistics.splits) as Split[]);
  for (const { severity, code, message, remedy } of anomalies.anomalies)
    logger[severity === 'error' ? 'error' : 'warn'](message, { code, remedy });
  return { properties: { anomalies: propertiesOf(anomalies) }, summary: summaryLine(anomalies) };
}

async function probe({ inputs, parameters, seed }: ContextOf<Spec>) {
  if (!parameters.backgroundProbe) return null;
  return probeBackground(await readBorderPixels(inputs.statistics.uri), seed, parameters.backgroundLimit);
}

async function readPrevious({ inputs, logger }: ContextOf<Spec>): Promise<Statistics | null> {
  const { statistics, previousStatistics } = inputs;
  if (previousStatistics === undefined || previousStatistics.id === statistics.id) return null;
  try {
    return await readStatistics(previousStatistics.uri);
  } catch (error) {
    // written by another version of Mitate: drift is measured again from the next span on
    logger.warn('Drift is not measured: cannot read the statistics of the previous span', { reason: reasonOf(error) });
    return null;
  }
}

async function writeAnomalies(uri: string, anomalies: Anomalies, splits: readonly Split[]): Promise<void> {
  await writeArtifactJson(join(uri, 'anomalies.json'), anomalies);
  for (const split of splits) {
    const own = anomalies.anomalies.filter((anomaly) => anomaly.split === split);
    const folder = join(uri, `Split-${split}`);
    await mkdir(folder, { recursive: true });
    const blessed = own.every((anomaly) => anomaly.severity !== 'error');
    await writeArtifactJson(join(folder, 'anomalies.json'), { blessed, anomalies: own });
  }
}

function propertiesOf(anomalies: Anomalies) {
  const drifted = anomalies.drift.filter((drift) => drift.drifted && drift.kind !== 'split').length;
  return {
    blessed: anomalies.blessed ? 1 : 0,
    errors: anomalies.errors,
    warnings: anomalies.warnings,
    drifted,
    background_gives_labels_away: anomalies.probe?.fires ? 1 : 0,
  };
}

function summaryLine({ errors, warnings, anomalies }: Anomalies): string {
  const [first] = anomalies;
  if (!first) return 'no anomalies';
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}; first: ${first.message}`;
}
