import { join } from 'node:path';
import { type Anomalies, anomaliesSchema } from '../../contracts/artifacts/anomalies.ts';
import { MitateError } from '../../errors/index.ts';
import { readArtifactJson } from '../artifact-json.ts';

/** `anomalies.json` of an ExampleAnomalies artifact. */
export function readAnomalies(uri: string): Promise<Anomalies> {
  return readArtifactJson(join(uri, 'anomalies.json'), anomaliesSchema);
}

/**
 * Stops a step on data that violates the schema; warnings pass.
 * @throws DATA_ANOMALIES when an anomaly is an error
 */
export async function requireValidData(anomaliesUri: string): Promise<Anomalies> {
  const anomalies = await readAnomalies(anomaliesUri);
  const first = anomalies.anomalies.find((anomaly) => anomaly.severity === 'error');
  if (anomalies.blessed || first === undefined) return anomalies;
  throw new MitateError('DATA_ANOMALIES', {
    errors: anomalies.errors,
    first: first.message,
    remedy: first.remedy,
    path: join(anomaliesUri, 'anomalies.json'),
    codes: [...new Set(anomalies.anomalies.filter((a) => a.severity === 'error').map((a) => a.code))],
  });
}
