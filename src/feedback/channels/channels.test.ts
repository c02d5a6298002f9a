import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AlertMessage, type AlertNews, channelSchema } from '../../contracts/loop/alert.ts';
import { maxAttempts, pauseMs } from './back-off.ts';
import { bodyFor, isBodyFor } from './body.ts';
import { googleToken } from './google-token.ts';
import { matchesAlert } from './matches-alert.ts';
import { signatureOf } from './sign.ts';

const at = new Date('2026-03-02T00:00:05.250Z');

function message(change: { news?: AlertNews; kind?: string; said?: string; days?: number } = {}): AlertMessage {
  const {
    news = 'opened',
    kind = 'positive-rate',
    said = 'positive answers 94.1 %, baseline 62.8 %',
    days = 10,
  } = change;
  const windowEnd = new Date('2026-03-02T00:00:00Z');
  return {
    news,
    project: 'default',
    at,
    deployedModelId: '42',
    alert: {
      id: 'a1',
      monitor: 'leaf-positive-rate',
      kind,
      severity: 'warning',
      endpoint: 'leaf',
      since: new Date('2026-03-01T00:00:00Z'),
      windowStart: new Date(windowEnd.getTime() - days * 86_400_000),
      windowEnd,
      remedy: 'Label some photos.',
      finding: {
        state: 'breach',
        statistic: 0.941,
        p: null,
        threshold: 0.3,
        interval: null,
        movers: ['r1'],
        details: { baseline: 0.628 },
        said,
      },
    },
  };
}
const channel = (definition: object) => channelSchema.parse(definition);
const parsed = (text: string) => JSON.parse(text);
const decoded = (data: string) => Buffer.from(data, 'base64').toString();

describe('Pub/Sub', () => {
  const push = channel({ kind: 'pubsub', url: 'https://example.com/push' });

  it('says it in the original system’s words, byte for byte, in the shape of a push', () => {
    const body = parsed(bodyFor(push, message(), 'd1'));
    expect(decoded(body.message.data)).toBe(
      '{"alert":"モデル監視アラート","details":"モデル: 42 ベース陽性率: 0.628 推論結果の10日間平均陽性率: 0.941"}',
    );
    expect(body).toMatchObject({
      message: { messageId: 'd1', publishTime: '2026-03-02T00:00:05.250Z' },
      subscription: expect.stringMatching(/^projects\/[^/]+\/subscriptions\/[^/]+$/),
    });
  });

  it.each([
    [1, '1日間'],
    [2, '2日間'],
    [0.25, '6時間'],
  ])('says how long its window was when somebody made it %s days', (days, text) => {
    const { data } = parsed(bodyFor(push, message({ days }), 'd1')).message;
    expect(parsed(decoded(data)).details).toContain(`推論結果の${text}平均陽性率: 0.941`);
  });

  it('publishes the same to a topic', () => {
    const topic = {
      kind: 'pubsub',
      shape: 'publish',
      url: 'https://pubsub.googleapis.com/v1/projects/p/topics/t:publish',
    };
    const { messages } = parsed(bodyFor(channel(topic), message(), 'd1'));
    expect(messages).toHaveLength(1);
    expect(Object.keys(messages[0])).toEqual(['data', 'attributes']);
    expect(Object.values(messages[0].attributes).every((value) => typeof value === 'string')).toBe(true);
    expect(messages[0].data).toBe(parsed(bodyFor(push, message(), 'd1')).message.data);
  });

  it('says what moved of monitors that the original had not', () => {
    const said = 'share of unwell 0.628 -> 0.941';
    const { data } = parsed(bodyFor(push, message({ kind: 'label-drift', said }), 'd1')).message;
    expect(parsed(decoded(data)).details).toBe(`モデル: 42 監視: leaf-positive-rate ${said}`);
  });
});

describe('a webhook', () => {
  const hook = channel({ kind: 'webhook', url: 'https://example.com/', secretEnv: 'MITATE_CHANNEL_A' });

  it('carries what moved, by how much, since when, and what to do', () => {
    expect(parsed(bodyFor(hook, message(), 'd1'))).toEqual({
      type: 'alert.opened',
      project: 'default',
      at: '2026-03-02T00:00:05.250Z',
      alert: {
        id: 'a1',
        monitor: 'leaf-positive-rate',
        kind: 'positive-rate',
        severity: 'warning',
        endpoint: 'leaf',
        deployedModelId: '42',
        since: '2026-03-01T00:00:00.000Z',
        said: 'positive answers 94.1 %, baseline 62.8 %',
        statistic: 0.941,
        p: null,
        threshold: 0.3,
        interval: null,
        movers: ['r1'],
        remedy: 'Label some photos.',
      },
    });
    expect(parsed(bodyFor(hook, message({ news: 'resolved' }), 'd1')).type).toBe('alert.resolved');
    expect(parsed(bodyFor(hook, message({ news: 'test' }), 'd1')).type).toBe('test');
  });

  it('is signed over time and body', () => {
    const mac = createHmac('sha256', 'a secret').update('1772409605.{"a":1}').digest('hex');
    expect(signatureOf('a secret', '{"a":1}', at)).toBe(`t=1772409605,v1=${mac}`);
    // openssl dgst -sha256 -hmac "a secret" over the same bytes
    expect(mac).toBe('df16a988667485873fb4546e60983244b567fcad5cfe215dc9dbfa7f15d1ad97');
  });
});

describe('people', () => {
  it('are called by no label that reads like a command of Slack', () => {
    const slack = channel({ kind: 'slack', urlEnv: 'MITATE_CHANNEL_S' });
    const { text } = parsed(bodyFor(slack, message({ said: 'share of <!channel> & <@U1> rose' }), 'd1'));
    expect(text).toContain('share of &lt;!channel&gt; &amp; &lt;@U1&gt; rose');
    expect(text).not.toContain('<');
  });

  it('read in a mail what moved, since when and what to do', () => {
    const mail = { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_M', from: 'a@b.example', to: ['c@d.example'] };
    const { subject, text } = parsed(bodyFor(channel(mail), message(), 'd1'));
    expect(subject).toBe('[mitate] Alert opened: leaf-positive-rate on leaf (warning)');
    expect(text).toContain('positive answers 94.1 %, baseline 62.8 %');
    expect(text).toContain('Since: 2026-03-01 00:00 UTC');
    expect(text).toContain('Label some photos.');
  });
});

it('a message is in the words of the channel that it was written for, and of no other', () => {
  const definitions = [
    { kind: 'webhook', url: 'https://example.com/', secretEnv: 'MITATE_CHANNEL_A' },
    { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_M', from: 'a@b.example', to: ['c@d.example'] },
    { kind: 'pubsub', url: 'https://example.com/' },
    { kind: 'pubsub', url: 'https://example.com/', shape: 'publish' },
  ].map(channel);
  for (const one of definitions)
    for (const other of definitions) expect(isBodyFor(other, bodyFor(one, message(), 'd1'))).toBe(one === other);
});

describe('pauses', () => {
  it('double from half a minute to an hour, a fifth to either side', () => {
    expect([1, 2, 3, 7, 8, 10].map((attempts) => pauseMs(attempts, null, 0.5))).toEqual(
      [30, 60, 120, 1920, 3600, 3600].map((seconds) => seconds * 1_000),
    );
    expect([pauseMs(1, null, 0), pauseMs(1, null, 1)]).toEqual([24_000, 36_000]);
    expect(pauseMs(10, null, 1)).toBe(3_600_000);
  });

  it('are as long as the receiver asks, up to an hour', () => {
    expect(pauseMs(1, 300_000, 0.5)).toBe(300_000);
    expect(pauseMs(1, 1_000, 0.5)).toBe(30_000);
    expect(pauseMs(1, 1e9, 0.5)).toBe(3_600_000);
  });

  it('are three hours in all', () => {
    const pauses = Array.from({ length: maxAttempts - 1 }, (_, i) => pauseMs(i + 1, null, 0.5));
    expect(pauses.reduce((sum, pause) => sum + pause, 0) / 3_600_000).toBeCloseTo(3.06, 2);
  });
});

describe('a service account', () => {
  it('signs a token for the API that the message goes to', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = JSON.stringify({
      type: 'service_account',
      client_email: 'mitate@p.iam.gserviceaccount.com',
      private_key_id: 'k1',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    });
    const [head, claims, signature] = googleToken(key, 'https://pubsub.googleapis.com/', at).split('.') as [
      string,
      string,
      string,
    ];
    expect(createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url')).toBe(true);
    expect(parsed(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
    expect(parsed(Buffer.from(claims, 'base64url').toString())).toEqual({
      iss: 'mitate@p.iam.gserviceaccount.com',
      sub: 'mitate@p.iam.gserviceaccount.com',
      aud: 'https://pubsub.googleapis.com/',
      iat: 1772409605,
      exp: 1772413205,
    });
  });
});

describe('a channel hears', () => {
  const alert = { severity: 'warning', endpoint: 'leaf', monitor: 'leaf.label-drift', kind: 'label-drift' } as const;
  it.each<[string, object, boolean]>([
    ['of all alerts unless it is said otherwise', {}, true],
    ['of the least severe that it asks for', { leastSeverity: 'warning' }, true],
    ['of nothing less severe', { leastSeverity: 'critical' }, false],
    ['of its endpoints', { endpoints: ['fruit', 'leaf'] }, true],
    ['of no other endpoint', { endpoints: ['fruit'] }, false],
    ['of its monitors', { monitors: ['leaf.label-drift'] }, true],
    ['of monitors of a kind', { monitors: ['latency', 'label-drift'] }, true],
    ['of no other monitor', { monitors: ['leaf.latency'] }, false],
    ['only of what all of it lets through', { endpoints: ['leaf'], monitors: ['latency'] }, false],
  ])('%s', (_what, heard, isTold) => {
    const hook = { kind: 'webhook', url: 'https://example.com/', secretEnv: 'MITATE_CHANNEL_A' };
    expect(matchesAlert(channelSchema.parse({ ...hook, ...heard }), alert)).toBe(isTold);
  });
});

describe('settings of a channel', () => {
  const hook = { kind: 'webhook', url: 'https://example.com/', secretEnv: 'MITATE_CHANNEL_A' };
  it.each([
    ['another secret of the server', { ...hook, secretEnv: 'MITATE_DATABASE_URL' }],
    ['the allow-list as a secret', { ...hook, secretEnv: 'MITATE_CHANNEL_ALLOW' }],
    ['a password in the URL', { ...hook, url: 'https://me:pw@example.com/' }],
    ['another protocol', { ...hook, url: 'file:///etc/passwd' }],
    ['no URL', { ...hook, url: 'example.com' }],
    ['a setting of another kind', { ...hook, to: ['a@b.example'] }],
    ['no recipient', { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_M', from: 'a@b.example', to: [] }],
    [
      'two recipients in one',
      { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_M', from: 'a@b.example', to: ['a@b.example, c@d.example'] },
    ],
    [
      'a sender with a header in it',
      { kind: 'email', smtpUrlEnv: 'MITATE_CHANNEL_M', from: 'a@b.example\r\nBcc: x@y.example', to: ['a@b.example'] },
    ],
    ['an unknown kind', { kind: 'pager' }],
    ['an unknown severity', { ...hook, leastSeverity: 'loud' }],
    ['nothing to hear of', { ...hook, monitors: [] }],
  ])('are refused with %s', (_what, definition) => {
    expect(channelSchema.safeParse(definition).success).toBe(false);
  });
});
