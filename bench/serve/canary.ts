import type { Figure } from '../figure.ts';
import { load } from '../load/load.ts';
import { endpoint, type Setting, saturatingClients } from './setting.ts';

/** A tenth of the traffic to the second version. */
export async function canary(setting: Setting): Promise<Figure[]> {
  await using server = await setting.serve();
  await server
    .client(setting.key)
    .endpoints.deploy(endpoint, { model: 'leaf-health@2', role: 'canary', traffic: 10, force: true });
  const requests = setting.scaled(20_000, 500);
  const { answers, samples } = await load({
    ...setting.predictions(server),
    arrivals: { kind: 'closed', clients: saturatingClients },
    seconds: 3_600,
    requests,
    readAnswers: true,
  });
  const toCanary = answers.filter(({ role, version }) => role === 'canary' && version === 2).length;
  const share = (100 * toCanary) / samples.length;
  return [
    {
      what: `canary of 10 % over ${samples.length} requests`,
      got: `${share.toFixed(2)} %`,
      toReach: '10 +- 0.7 %',
      met: Math.abs(share - 10) <= 0.7 && answers.length === samples.length,
    },
  ];
}
