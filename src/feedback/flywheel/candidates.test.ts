import { describe, expect, it } from 'vitest';
import type { LabelledPhoto } from '../../contracts/loop/feedback.ts';
import { type FlywheelPolicy, flywheelPolicySchema } from '../../contracts/loop/flywheel.ts';
import { type Counts, candidates } from './candidates.ts';

let seq = 0;
const photo = (part: Partial<LabelledPhoto> = {}): LabelledPhoto => {
  seq++;
  const at = new Date(seq);
  return {
    ...{ seq, request: `r${seq}`, endpoint: 'leaf', label: 'unwell', disputed: false, said: 'unwell', newClass: false },
    ...{
      source: 'api',
      who: 'key:ci',
      at,
      confirmations: 1,
      attributes: null,
      requestAt: at,
      answer: 'healthy',
      voices: [],
      reason: null,
    },
    ...{ imageSha256: `image${seq}`, pixelsSha256: `pixels${seq}`, imageKept: true },
    ...part,
  };
};

async function ask(photos: LabelledPhoto[], policy: Partial<FlywheelPolicy> = {}) {
  const leftOut: Counts = new Map();
  const chosen = await candidates(
    photos,
    flywheelPolicySchema.parse({ to: 'x', endpoint: 'leaf', ...policy }),
    leftOut,
  );
  return { labels: chosen.map(({ label }) => label), leftOut: Object.fromEntries(leftOut), chosen };
}

describe('candidates of a span', () => {
  it('are labels and verdicts, the newest word first, in the words of the data set', async () => {
    const asked = await ask([photo({ said: 'rust' }), photo({ said: null, label: 'healthy' })], {
      rename: { rust: 'unwell' },
    });
    expect(asked).toMatchObject({ labels: ['healthy', 'unwell'], leftOut: {} });
  });

  it('leave out what the policy does not take, and say why', async () => {
    const photos = [
      photo({ source: 'csv' }),
      photo({ reason: 'uncertain' }),
      photo({ said: null, label: null }),
      photo({ confirmations: 1 }),
      photo({ newClass: true, confirmations: 2 }),
      photo({ imageKept: false, confirmations: 2 }),
      photo({ said: null, confirmations: 2 }),
      photo({ confirmations: 2, said: 'yes' }),
    ];
    const policy = { sources: ['api'], reasons: ['unasked'], minConfirmations: 2, verdicts: false } as const;
    expect(await ask(photos, policy as unknown as Partial<FlywheelPolicy>)).toMatchObject({
      labels: ['yes'],
      leftOut: { 'not-wanted': 3, 'truth-unknown': 1, 'not-confirmed': 1, 'new-class': 1, 'not-kept': 1 },
    });
    expect((await ask([photo({ newClass: true, said: 'mildew' })], { newClasses: true })).labels).toEqual(['mildew']);
  });

  it('of public sources need a second word (one stranger could train the model)', async () => {
    const photos = () => [
      photo({ source: 'link', who: 'link' }),
      photo({ source: 'widget', confirmations: 2, said: 'healthy' }),
      photo({ source: 'queue', who: 'user:mika' }),
    ];
    const { labels, leftOut, chosen } = await ask(photos());
    expect([labels, leftOut]).toEqual([['unwell', 'healthy'], { 'not-confirmed': 1 }]);
    expect(chosen.map(({ source }) => source)).toEqual(['queue: user:mika', 'widget: key:ci']);
    expect((await ask(photos(), { publicConfirmations: 1 })).labels).toHaveLength(3);
    expect((await ask(photos(), { publicSources: ['link', 'widget', 'queue'] })).labels).toEqual(['healthy']);
  });

  it('need the trust that the policy asks for, of those who agree; an adjudicated label needs none', async () => {
    const by = (...voices: [string, LabelledPhoto['source']][]) => ({
      voices: voices.map(([who, source]) => ({ who, source })),
      confirmations: voices.length,
    });
    const photos = [
      photo({ ...by(['link', 'link']), said: 'a' }),
      photo({ ...by(['link', 'link'], ['key:ci', 'api']), said: 'b' }),
      photo({ ...by(['user:mika', 'queue']), said: 'c' }),
      photo({ ...by(['user:noor', 'queue']), said: 'd' }),
      photo({ ...by(['user:mika', 'adjudication']), source: 'adjudication', said: 'e' }),
    ];
    const asked = await ask(photos, {
      trust: { link: 0.3, api: 0.7, 'user:mika': 0.5 },
      minTrust: 1,
      minConfirmations: 1,
    });
    expect([asked.labels, asked.leftOut]).toEqual([['e', 'd', 'b'], { 'not-trusted': 2 }]);
    // as "mitate review labellers" names her, and on the command line
    const local = photo({ ...by(['local:mika', 'api']), said: 'f' });
    expect((await ask([local], { trust: { mika: 0.5 }, minTrust: 1 })).leftOut).toEqual({ 'not-trusted': 1 });
    expect((await ask([local], { trust: { 'user:mika': 1, api: 0.1 }, minTrust: 1 })).labels).toEqual(['f']);
    expect((await ask([photo({ disputed: true, label: null })])).leftOut).toEqual({ disputed: 1 });
  });

  it('hold equal pixels once, under the newest word', async () => {
    const same = { pixelsSha256: 'same' };
    const { chosen, leftOut } = await ask([photo({ ...same, said: 'healthy' }), photo({ ...same, said: 'unwell' })]);
    expect([chosen.map(({ label }) => label), leftOut]).toEqual([['unwell'], { alike: 1 }]);
  });

  it('may be called like what every object has', async () => {
    const called = ['constructor', 'toString', '__proto__'];
    const asked = await ask(
      called.map((said) => photo({ said })),
      { rename: { rust: 'unwell' } },
    );
    expect(asked.labels).toEqual(called.toReversed());
  });
});
