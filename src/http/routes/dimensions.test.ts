import { readFileSync } from 'node:fs';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { trainedModels } from '../../../tests/support/trained-models.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { exportDimensionTables } from '../../actions/requests/dimensions.ts';
import { monitorSchema } from '../../contracts/loop/monitor.ts';

describe('the dimension tables of the log', () => {
  const folder = new ScratchFolder();
  let served: ServedApp;
  let key: string;
  beforeAll(async () => {
    served = await ServedApp.open(await trainedModels(folder.path, 1));
    key = await served.makeKey('operate');
  }, 120_000);
  afterAll(async () => {
    await served[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const tables = async (as = key) =>
    (await served.ask('GET', '/api/v1/dimensions', { headers: { 'x-api-key': as } })).json();
  const watch = async (kind: string, change: object = {}) => {
    const monitor = monitorSchema.parse({ name: kind, endpoint: 'leaf', kind, ...change });
    await unaudited(served.served.store).monitors.createMonitor(monitor, { who: 'mika', at: new Date() });
  };

  it('say whether, how and from which threshold an endpoint is monitored', async () => {
    const endpoint = async () => (await tables()).dim_endpoints[0];
    expect(await endpoint()).toMatchObject({
      endpoint: 'leaf',
      model_monitoring: false,
      mointoring_type: null,
      alert_threshold: null,
    });
    await watch('latency', { isEnabled: false });
    expect(await endpoint()).toMatchObject({ model_monitoring: false });
    await watch('positive-rate', { parameters: { tolerance: 0.2 } });
    const monitored = { model_monitoring: true, mointoring_type: 'training-serving-skew', alert_threshold: 0.2 };
    expect(await endpoint()).toMatchObject(monitored);
    await watch('label-drift', { reference: { from: 'first-days', days: 7 } });
    expect((await endpoint()).mointoring_type).toBe('prediction-drift, training-serving-skew');
    await unaudited(served.served.store).monitors.setMonitor('positive-rate', { isEnabled: false });
    expect(await endpoint()).toMatchObject({
      model_monitoring: true,
      mointoring_type: 'prediction-drift',
      alert_threshold: null,
    });
  });

  it('join a logged prediction with its deployment and its model, for keys that may read', async () => {
    const { dim_models: models, dim_deployments: deployments } = await tables();
    expect(deployments).toMatchObject([{ endpoint: 'leaf', role: 'stable', traffic: 100, until: null }]);
    expect(models).toMatchObject([
      { deployed_model_id: deployments[0].deployed_model_id, display_name: 'leaf@1', version: 1 },
    ]);
    expect((await tables(await served.makeKey('predict'))).error.code).toBe('ACCESS_DENIED');
    expect(await served.served.store.forProject('other').reports.dimensions()).toMatchObject({ dim_endpoints: [] });
  });

  it('are written a file each, the same in both formats', async () => {
    const { store } = served.served;
    const rows = await store.reports.dimensions();
    const written = await exportDimensionTables(store, folder.at('star'), 'parquet');
    expect(written.map((path) => path.split('/').at(-1))).toEqual([
      'dim_endpoints.parquet',
      'dim_models.parquet',
      'dim_deployments.parquet',
    ]);
    const read = async (path: string) => await parquetReadObjects({ file: new Uint8Array(readFileSync(path)).buffer });
    expect(await read(written[0]!)).toEqual(rows.dim_endpoints);
    expect(await read(written[2]!)).toEqual(rows.dim_deployments);
    const [lines] = await exportDimensionTables(store, folder.at('star'), 'jsonl');
    expect(JSON.parse(readFileSync(lines!, 'utf8'))).toEqual(JSON.parse(JSON.stringify(rows.dim_endpoints[0])));
  });
});
