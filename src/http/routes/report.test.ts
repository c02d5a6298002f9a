import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import type { MaturityAnswer } from '../../contracts/api/maturity.ts';
import { triggerSchema } from '../../contracts/loop/trigger.ts';

describe('reports over HTTP', () => {
  let served: ServedApp;
  let key: string;
  beforeAll(async () => {
    served = await ServedApp.open([]);
    key = await served.makeKey('operate');
  });
  afterAll(async () => await served[Symbol.asyncDispose]());

  const ask = (url: string, as = key) => served.ask('GET', url, { headers: { 'x-api-key': as } });

  it('are a page whose policy lets nothing run, in the header as in the page', async () => {
    const { statusCode, headers, body } = await ask('/api/v1/report?last=30d');
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/);
    const inPage = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(body)![1]!.replaceAll('&#39;', "'");
    expect(policy.startsWith(inPage)).toBe(true);
    expect(body).toContain('<h2>Traffic</h2>');
  });

  it.each(['soon', '-1d', '9999d', '0d'])('are refused over %s', async (last) => {
    const answer = await ask(`/api/v1/report?last=${last}`);
    expect(answer.statusCode).toBe(400);
  });

  it('and maturity take a key that may read', async () => {
    const predicts = await served.makeKey('predict');
    expect((await ask('/api/v1/report', predicts)).statusCode).toBe(403);
    expect((await ask('/api/v1/maturity', predicts)).statusCode).toBe(403);
    const answers = (await ask('/api/v1/maturity')).json();
    expect(answers).toHaveLength(46);
    expect(answers[0]).toMatchObject({ id: 'L1.1', holds: false, evidence: null, claim: null });
  });

  it('show what is only claimed as a claim', async () => {
    const nightly = triggerSchema.parse({
      name: 'nightly',
      pipeline: 'leaf',
      when: { kind: 'schedule', cron: '0 3 * * *' },
    });
    const made = { who: 'mika', at: new Date(), memory: null };
    await unaudited(served.served.store).triggers.createTrigger(nightly, made);
    const answers: MaturityAnswer[] = (await ask('/api/v1/maturity')).json();
    const schedule = answers.find(({ id }) => id === 'L1.23');
    expect(schedule).toMatchObject({
      holds: false,
      evidence: null,
      claim: expect.stringMatching(/^nightly is enabled/),
    });
    const { body } = await ask('/api/v1/report?last=30d');
    expect(body).toContain('level 1: 0 of 26, level 2: 0 of 20. Only claimed: 1.');
    expect(body).toMatch(/trigger on schedule.*claimed.*nightly is enabled/);
  });
});
