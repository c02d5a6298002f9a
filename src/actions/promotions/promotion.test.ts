import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { PromotedEndpoint } from '../../../tests/support/promoted-endpoint.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { someone, tester } from '../../../tests/support/tester.ts';
import { trainedModels } from '../../../tests/support/trained-models.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { sha256 } from '../../codecs/digest.ts';
import { permissions, rolePermissions } from '../../contracts/access.ts';
import { silentLogger } from '../../contracts/logger.ts';
import { promotionPolicySchema } from '../../contracts/loop/promotion.ts';
import { lineageOf } from '../../orchestrator/lineage.ts';
import { localImages } from '../../store/images/image-store.ts';
import { createKey } from '../access/key.ts';
import { advancePromotions } from './advance.ts';
import { promotionDisagreements } from './disagreements.ts';
import { promotionGrid } from './grid.ts';
import {
  abortPromotion,
  approvePromotion,
  parsePolicy,
  refusePromotion,
  showPromotion,
  startPromotion,
} from './promotion.ts';
import { requirePromotion } from './require-promotion.ts';

const folder = new ScratchFolder();
let uris: string[];
let shared: PromotedEndpoint;

beforeAll(async () => {
  uris = await trainedModels(folder.path, 2);
  shared = await PromotedEndpoint.open([]);
}, 60_000);
afterAll(async () => {
  await shared?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const policy = (change: object = {}) =>
  promotionPolicySchema.parse({
    replay: { requests: 0 },
    shadow: { requests: 0 },
    canary: { steps: [20, 50], requestsAStep: 40 },
    ...change,
  });
const anyone = { actor: someone('user:mika'), permissions: new Set(permissions), why: 'looks good', now: new Date() };
const later = () => new Date(Date.now() + 1000);

describe('a promotion', () => {
  it('goes through replay, shadow and canary by steps, and makes the candidate champion; each step is an artifact', async () => {
    await using leaf = await shared.another(uris);
    const photos = await drawnPhotos(12, { seed: 5 });
    await leaf.keep(
      photos.map(({ bytes, label }) => ({ bytes, answer: label.includes('healthy') ? 'healthy' : 'unwell' })),
    );
    const whole = policy({
      replay: { requests: 10, maxDisagreement: 1 },
      shadow: { requests: 20, maxDisagreement: 0.2 },
    });
    await leaf.start(whole, { isServed: false });
    expect(await leaf.advance()).toMatchObject({ state: 'shadow', step: -1 });
    expect(await leaf.plan()).toEqual(['1 stable 100', '2 shadow 100']);

    const asked = await leaf.log(Array.from({ length: 20 }, () => ({})));
    await leaf.shadow(asked.slice(0, 19).map((of) => ({ of, label: 'healthy' })));
    expect(await leaf.advance()).toMatchObject({ state: 'shadow' });
    await leaf.shadow([{ of: asked[19]!, label: 'unwell' }]);
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 0 });
    expect(await leaf.plan()).toEqual(['1 stable 80', '2 canary 20']);

    await leaf.answer(300, 20);
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 1 });
    expect(await leaf.plan()).toEqual(['1 stable 50', '2 canary 50']);
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 1 });
    await leaf.answer(100, 50);
    const promoted = await leaf.advance(later());
    expect(promoted).toMatchObject({ state: 'promoted', endedAt: expect.any(Date) });
    expect(await leaf.plan()).toEqual(['2 stable 100']);
    expect((await leaf.store.findVersion('leaf@champion'))!.version).toBe(2);

    const { decisions } = promoted;
    expect(decisions.map(({ state }) => state)).toEqual(['replaying', 'shadow', 'canary', 'canary', 'promoted']);
    const artifact = await leaf.store.getArtifact(decisions[1]!.artifact!);
    expect(artifact).toMatchObject({ type: 'PromotionDecision', properties: { promotion: promoted.id, version: 2 } });
    const file = JSON.parse(readFileSync(join(artifact!.uri, 'decision.json'), 'utf8'));
    expect(file).toMatchObject({
      from: 'replaying',
      state: 'shadow',
      candidate: { name: 'leaf', version: 2 },
      evidence: { replay: { photos: 10, failed: 0, leftOut: 0 } },
    });
    const lineage = await lineageOf(leaf.store, 'leaf@2');
    const made = lineage.artifacts.filter(
      ({ type, relation }) => type === 'PromotionDecision' && relation === 'descendant',
    );
    expect(made).toHaveLength(4);
  });

  it('is turned back when the replay differs by more than is allowed, and never had traffic', async () => {
    await using leaf = await shared.another(uris);
    const photos = await drawnPhotos(8, { seed: 6 });
    // the champion's word, as logged, was the opposite of everything
    await leaf.keep(photos.map(({ bytes }, i) => ({ bytes, answer: i < 8 ? 'another' : 'healthy' })));
    await leaf.start(policy({ replay: { requests: 8, maxDisagreement: 0.5 } }));
    const rejected = await leaf.advance();
    expect(rejected).toMatchObject({ state: 'rejected', step: -1 });
    expect(rejected.decisions.at(-1)!.why).toContain('different answers for 8 of 8 photos, 50 % allowed');
    expect(await leaf.plan()).toEqual(['1 stable 100']);
    const shown = await promotionDisagreements(leaf.store, 'leaf');
    expect(shown).toHaveLength(8);
    expect(shown[0]).toMatchObject({ champion: 'another', isKept: true });
    const png = await promotionGrid(leaf.store, 'leaf');
    const kinds = Object.values(Object.groupBy(shown, ({ candidate }) => candidate)).map((each) => each!.length);
    expect(await sharp(png).metadata()).toMatchObject({
      format: 'png',
      width: Math.max(...kinds) * 164 + 4,
      height: kinds.length * 164 + 4,
    });

    const images = localImages(leaf.store.workspace.images);
    for (const { bytes } of photos) await images.delete(leaf.store.project, sha256(bytes));
    await expect(promotionGrid(leaf.store, 'leaf')).rejects.toMatchObject({ code: 'PROMOTION_NOTHING_TO_SHOW' });
  });

  it('knows what a photo shows that was asked about again after somebody had said it', async () => {
    await using leaf = await shared.another(uris);
    const photos = (await drawnPhotos(4, { seed: 9 })).map(({ bytes }) => ({ bytes, answer: 'healthy' }));
    const first = await leaf.keep(photos);
    await leaf.label(first, 'healthy');
    await leaf.keep(photos);
    const replayed = await leaf.store.promotions.replayable('leaf', 10);
    expect(replayed.map(({ id }) => id).sort()).toEqual(first.sort());
  });

  it('does not prefer a photo that labellers contradict to one that is the same and newer', async () => {
    await using leaf = await shared.another(uris);
    const photos = (await drawnPhotos(4, { seed: 10 })).map(({ bytes }) => ({ bytes, answer: 'healthy' }));
    const first = await leaf.keep(photos);
    await leaf.label(first, 'healthy', 'key:a');
    await leaf.label(first, 'unwell', 'key:b');
    const second = await leaf.keep(photos);
    const replayed = await leaf.store.promotions.replayable('leaf', 10);
    expect(replayed.map(({ id }) => id).sort()).toEqual(second.sort());
  });

  it('is judged by the photos that the champion answers: one that it fails on began the replay anew every two seconds', async () => {
    await using leaf = await shared.another(uris);
    const photos = await drawnPhotos(4, { seed: 8 });
    await leaf.keep(photos.map(({ bytes }) => ({ bytes, answer: 'healthy' })));
    await leaf.keep([{ bytes: new TextEncoder().encode('no photo'), answer: 'healthy', version: 2 }]);
    await leaf.start(policy({ replay: { requests: 10, maxDisagreement: 1 } }));
    const canary = await leaf.advance();
    expect(canary).toMatchObject({ state: 'canary' });
    expect(canary.decisions.at(-1)!.evidence).toMatchObject({ replay: { photos: 4, failed: 0, leftOut: 1 } });
  });

  it('is turned back when the replay’s model does not load, and it is said which', async () => {
    await using leaf = await shared.another([uris[0]!, folder.at('nothing-there')]);
    await leaf.keep((await drawnPhotos(1)).map(({ bytes }) => ({ bytes, answer: 'healthy' })));
    await leaf.start(policy({ replay: { requests: 10 } }), { isServed: false });
    const rejected = await leaf.advance();
    expect(rejected).toMatchObject({ state: 'rejected' });
    expect(rejected.decisions.at(-1)!.why).toMatch(/leaf@2.*nothing-there/);
  });

  it('on a drifted world passes by labels, however much it differs', async () => {
    await using leaf = await shared.another(uris);
    await leaf.start(policy({ shadow: { requests: 30, maxDisagreement: 0.05 } }));
    await leaf.advance();
    const asked = await leaf.log(Array.from({ length: 30 }, () => ({})));
    await leaf.shadow(asked.map((of, i) => ({ of, label: i < 20 ? 'unwell' : 'healthy' })));
    await leaf.label(asked.slice(0, 18), 'unwell');
    const canary = await leaf.advance();
    expect(canary).toMatchObject({ state: 'canary', step: 0 });
    // and the canary is held to what shadow let pass: 20 of 30; and it may be less sure, as one is that knows more
    await leaf.answer(300, 20, (isCanary, i) => ({
      label: isCanary && i % 3 < 2 ? 'unwell' : 'healthy',
      ...(isCanary && { probability: 0.6, positiveProbability: 0.6 }),
    }));
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 1 });
  });

  it('is turned back within the allowed difference when labels show that it is worse', async () => {
    await using leaf = await shared.another(uris);
    await leaf.start(policy({ shadow: { requests: 30, maxDisagreement: 1 } }));
    await leaf.advance();
    const asked = await leaf.log(Array.from({ length: 20 }, () => ({})));
    await leaf.shadow(asked.map((of) => ({ of, label: 'unwell' })));
    await leaf.label(asked, 'healthy');
    const rejected = await leaf.advance();
    expect(rejected).toMatchObject({ state: 'rejected' });
    expect(rejected.decisions.at(-1)!.why).toContain('the candidate is worse');
  });

  it.each([
    ['errors', (isCanary: boolean) => (isCanary ? { status: 500, label: null } : {})],
    ['latency', (isCanary: boolean) => ({ latencyMs: isCanary ? 90 : 6 })],
    ['disagreement', (isCanary: boolean) => ({ label: isCanary ? 'unwell' : 'healthy' })],
    ['estimated accuracy', (isCanary: boolean) => ({ positiveProbability: isCanary ? 0.52 : 0.97 })],
  ])('is rolled back at the first look after its canary breaches: %s', async (name, rowOf) => {
    await using leaf = await shared.another(uris);
    await leaf.log(Array.from({ length: 100 }, () => ({ loggingTime: new Date(Date.now() - 60_000).toISOString() })));
    await leaf.start(policy());
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 0 });
    await leaf.answer(150, 20, rowOf);
    const back = await leaf.advance();
    expect(back).toMatchObject({ state: 'rolled-back', endedAt: expect.any(Date) });
    const { why, artifact } = back.decisions.at(-1)!;
    expect(why).toMatch(new RegExp(`^${name}: `));
    expect(await leaf.plan()).toEqual(['1 stable 100']);
    const kept = await leaf.store.getArtifact(artifact!);
    expect(JSON.parse(readFileSync(join(kept!.uri, 'decision.json'), 'utf8'))).toMatchObject({
      state: 'rolled-back',
      why,
    });
  });

  it('is rolled back by labels that say it is wrong more often', async () => {
    await using leaf = await shared.another(uris);
    await leaf.start(policy());
    await leaf.advance();
    const ids = await leaf.answer(150, 20);
    await leaf.label(
      ids.slice(0, 100).filter((_, i) => (i * 37) % 100 < 20),
      'unwell',
    );
    expect((await leaf.advance()).decisions.at(-1)!.why).toMatch(/^measured accuracy: /);
  });

  it('that users judge waits for their sessions, and is rolled back when they accept its answers less', async () => {
    await using leaf = await shared.another(uris);
    await leaf.start(
      policy({ canary: { steps: [50], requestsAStep: 40 }, behaviour: { by: 'acceptance', sessions: 20 } }),
    );
    await leaf.advance();
    const ids = await leaf.answer(300, 50);
    const [champions, canaries] = [false, true].map((isCanary) =>
      ids.filter((_, i) => (i * 37) % 100 < 50 === isCanary),
    );
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 0 });
    expect((await showPromotion(leaf.store, 'leaf')).now!.why).toMatch(/^waiting for acceptance: candidate none/);
    await leaf.react(champions!.slice(0, 60), 'accept');
    await leaf.react(canaries!.slice(0, 12), 'retake');
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 0 });
    await leaf.react(canaries!.slice(12, 60), 'retake');
    const back = await leaf.advance();
    expect(back).toMatchObject({ state: 'rolled-back' });
    expect(back.decisions.at(-1)!.why).toMatch(
      /^acceptance: candidate 0 % \(0 % to 6 %\) in 60 sessions, champion 100 %/,
    );
  });

  it('that value judges passes with sessions that bring as much, in its currency', async () => {
    await using leaf = await shared.another(uris);
    const behaviour = { by: 'value', currency: 'EUR', sessions: 40 };
    await leaf.start(policy({ canary: { steps: [50], requestsAStep: 40 }, behaviour }));
    await leaf.advance();
    const ids = await leaf.answer(300, 50);
    await leaf.react(ids, { value: 10, currency: 'USD' });
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 0 });
    const { checks } = (await showPromotion(leaf.store, 'leaf')).now!;
    expect(checks.at(-1)).toMatchObject({ id: 'value', verdict: 'wait', numbers: { valued: 0, candidate: 0 } });
    await leaf.react(ids.slice(0, 100), { value: 10, currency: 'EUR' });
    expect(await leaf.advance(later())).toMatchObject({ state: 'promoted' });
  });

  it('that users judge in a shadow is turned back when it differs from what they accepted', async () => {
    await using leaf = await shared.another(uris);
    const behaviour = { by: 'acceptance', sessions: 20 };
    await leaf.start(policy({ shadow: { requests: 60, maxDisagreement: 1 }, canary: { steps: [] }, behaviour }));
    await leaf.advance();
    const asked = await leaf.log(Array.from({ length: 60 }, () => ({})));
    await leaf.shadow(asked.map((of, i) => ({ of, label: i % 2 ? 'unwell' : 'healthy' })));
    expect(await leaf.advance()).toMatchObject({ state: 'shadow' });
    await leaf.react(asked, 'accept');
    const rejected = await leaf.advance();
    expect(rejected).toMatchObject({ state: 'rejected' });
    expect(rejected.decisions.at(-1)!.why).toContain('the candidate differs from 30 accepted answers and 0 others');
  });

  it.each([
    [{ behaviour: { by: 'value' } }, 'behaviour.currency'],
    [{ behaviour: { by: 'value', currency: 'EURO' } }, 'behaviour.currency'],
    [{ behaviour: { by: 'value', currency: ['EUR', 'USD'] } }, 'behaviour.currency'],
    [{ behaviour: { by: 'value', currency: 'EUR' }, canary: { steps: [] } }, 'value shows in a canary only'],
    [{ behaviour: { by: 'acceptance' }, shadow: { requests: 0 }, canary: { steps: [] } }, 'the policy has neither'],
    [{ behaviour: { by: 'mood' } }, 'behaviour.by'],
  ])('by users that cannot be is refused: %j', (given, reason) => {
    expect(() => parsePolicy(given)).toThrow(
      expect.objectContaining({ code: 'PROMOTION_POLICY_INVALID', message: expect.stringContaining(reason) }),
    );
  });

  it('is rolled back also when there is no room for the artifact, and not moved on', async () => {
    await using leaf = await shared.another(uris);
    const { artifacts } = leaf.store.workspace;
    mkdirSync(join(artifacts, 'promotion'), { recursive: true });
    // where its folder would be
    writeFileSync(join(artifacts, 'promotion', 'canary-37'), '');
    const steps = policy({ canary: { steps: [37, 50], requestsAStep: 40 } });
    await leaf.start(steps);
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 0 });
    await leaf.answer(150, 37);
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 0 });
    await leaf.answer(150, 37, (isCanary) => (isCanary ? { status: 500, label: null } : {}));
    const back = await leaf.advance();
    expect(back).toMatchObject({ state: 'rolled-back' });
    expect(back.decisions.at(-1)).toMatchObject({ artifact: null, evidence: { checks: { length: 5 } } });
    expect(await leaf.plan()).toEqual(['1 stable 100']);
  });

  it('is rolled back while another one boots its version', async () => {
    await using slow = await shared.another(uris);
    await using leaf = await shared.another(uris);
    await leaf.start(policy());
    await leaf.advance();
    await leaf.answer(150, 20, (isCanary) => (isCanary ? { status: 500, label: null } : {}));
    const boots = await slow.start(policy(), { isServed: false });
    const background = { promotions: new Map<string, Promise<unknown>>(), signal: new AbortController().signal };
    const look = () =>
      advancePromotions(leaf.config, leaf.store, { now: new Date(), logger: silentLogger, background });
    const { id } = (await leaf.store.promotions.list())[0]!;
    await look();
    await background.promotions.get(id);
    expect(await leaf.store.promotions.get(id)).toMatchObject({ state: 'rolled-back' });
    expect(await slow.store.promotions.get(boots.id)).toMatchObject({ state: 'replaying' });
    await look();
    await Promise.all(background.promotions.values());
    expect(await slow.store.promotions.get(boots.id)).toMatchObject({ state: 'canary', revision: 1 });
  });

  it('whose worker is to end leaves its replay to another, at once', async () => {
    await using leaf = await shared.another(uris);
    await leaf.keep((await drawnPhotos(3)).map(({ bytes }) => ({ bytes, answer: 'healthy' })));
    const { id } = await leaf.start(policy({ replay: { requests: 5, maxDisagreement: 1 } }));
    const background = { promotions: new Map<string, Promise<unknown>>(), signal: AbortSignal.abort() };
    await advancePromotions(leaf.config, leaf.store, { now: new Date(), logger: silentLogger, background });
    await Promise.all(background.promotions.values());
    expect(await leaf.store.promotions.get(id)).toMatchObject({ state: 'replaying', revision: 0 });
    expect(await leaf.advance()).toMatchObject({ state: 'canary' });
  });

  it('counts HTTP requests, and labels of each of their photos', async () => {
    await using leaf = await shared.another(uris);
    const promotion = await leaf.start(policy());
    const ask = async (requestId: string, photos: number, row: object) =>
      await leaf.log(Array.from({ length: photos }, (_, instance) => ({ requestId, instance, ...row })));
    const canary = { modelVersion: 2, role: 'canary' } as const;
    const [first] = await ask('a', 3, { ...canary, latencyMs: 50, probability: 0.035, positiveProbability: 0.035 });
    await ask('b', 2, { ...canary, status: 500, label: null, probability: null, positiveProbability: null });
    const [, second] = await ask('c', 2, { label: 'unwell' });
    await ask('d', 1, { status: 422, label: null, probability: null, positiveProbability: null });
    await leaf.log([{ ...canary, shadowOf: second! }, { modelVersion: 7 }]);
    await leaf.label([first!], 'unwell');
    await leaf.label([first!, second!], 'healthy');
    const arms = await leaf.store.promotions.countArms(promotion, { slowMs: 20, isQuestion: true });
    const { unsure, ...candidate } = arms.candidate;
    const none = { requests: 0, failed: 0, slow: 0, answered: 0, labels: {}, labelled: 0, wrong: 0 };
    expect(candidate).toEqual({
      ...none,
      requests: 2,
      failed: 1,
      slow: 1,
      answered: 1,
      labels: { healthy: 1 },
      labelled: 1,
    });
    expect(unsure.flatMap((count, bin) => (count ? [[bin, count]] : []))).toEqual([[3, 1]]);
    expect(arms.champion).toMatchObject({
      ...none,
      requests: 2,
      answered: 1,
      labels: { unwell: 1 },
      labelled: 1,
      wrong: 1,
    });
  });

  it('is taken a step by one of many workers', async () => {
    await using leaf = await shared.another(uris);
    await leaf.start(policy());
    await Promise.all(Array.from({ length: 4 }, () => leaf.advance()));
    const [promotion] = await leaf.store.promotions.list();
    expect(promotion).toMatchObject({ state: 'canary', revision: 1 });
    expect(promotion!.decisions).toHaveLength(2);
    const timeline = await leaf.store.endpoints.endpointTimeline('leaf');
    expect(timeline.filter(({ after }) => JSON.stringify(after).includes('canary'))).toHaveLength(1);
    const live = await leaf.store.listArtifacts({ type: 'PromotionDecision', live: true });
    expect(live.map(({ id }) => id)).toEqual([promotion!.decisions[1]!.artifact]);
  });

  it('whose replay was begun before the clock was set back by hours does not wait for those hours', async () => {
    await using leaf = await shared.another(uris);
    const { id } = await leaf.start(policy({ replay: { requests: 5 } }));
    const ahead = new Date(Date.now() + 7_200_000);
    expect(await leaf.store.promotions.claim(id, 'the dead', ahead, new Date(ahead.getTime() + 60_000))).toBe(true);
    expect(await leaf.advance(new Date())).toMatchObject({ state: 'canary' });
  });

  it('whose replay was begun by a process that was killed is taken over a minute later', async () => {
    await using leaf = await shared.another(uris);
    const { id } = await leaf.start(policy({ replay: { requests: 5 } }));
    const now = new Date();
    expect(await leaf.store.promotions.claim(id, 'the dead', now, new Date(now.getTime() + 60_000))).toBe(true);
    expect(await leaf.advance(now)).toMatchObject({ state: 'replaying' });
    const over = await leaf.advance(new Date(now.getTime() + 61_000));
    expect(over).toMatchObject({ state: 'canary' });
    expect(over.decisions.at(-1)!.why).toContain('no evidence');
  });

  it('that nothing would show does not pass for that: it waits for a kept photo, unless the policy says so', async () => {
    await using leaf = await shared.another(uris);
    const alone = { shadow: { requests: 0 }, canary: { steps: [] } };
    const { id } = await leaf.start(policy({ replay: { requests: 5 }, ...alone }));
    expect(await leaf.advance()).toMatchObject({ state: 'replaying' });
    const { now } = await showPromotion(leaf.store, id);
    expect(now).toMatchObject({ why: expect.stringContaining('once one has a kept photo'), checks: [] });
    await using other = await shared.another(uris);
    await other.start(policy({ replay: { requests: 5, noEvidence: 'go-on' }, ...alone }));
    expect(await other.advance()).toMatchObject({ state: 'promoted' });
  });
});

describe('approvals', () => {
  const gated = (change: object = {}) => policy({ approvals: { beforeCanary: { role: 'approver', ...change } } });

  it('are awaited before a step, asked of a role, and given once', async () => {
    await using leaf = await shared.another(uris);
    const { store } = leaf;
    const { id } = await leaf.start(gated());
    await expect(approvePromotion(store, id, anyone)).rejects.toMatchObject({ code: 'PROMOTION_NOT_WAITING' });
    expect(await leaf.advance()).toMatchObject({ state: 'waiting-for-approval', gate: 'beforeCanary' });
    expect((await showPromotion(store, 'leaf')).now!.why).toContain('waiting for approval');
    const developer = { ...anyone, permissions: new Set(rolePermissions.developer) };
    await expect(approvePromotion(store, id, developer)).rejects.toMatchObject({ code: 'PROMOTION_ROLE_MISSING' });
    const approver = { ...anyone, permissions: new Set(rolePermissions.approver) };
    await approvePromotion(store, id, approver);
    await expect(approvePromotion(store, id, approver)).rejects.toMatchObject({ code: 'PROMOTION_ALREADY_SAID' });
    expect(await leaf.advance()).toMatchObject({ state: 'canary', step: 0, gate: null });
  });

  it('of four eyes are not given by who started it, under any of their names', async () => {
    await using leaf = await shared.another(uris);
    const { id } = await leaf.start(gated({ fourEyes: true }), { who: 'mika@laptop' });
    await leaf.advance();
    const own = approvePromotion(leaf.store, id, { ...anyone, actor: someone('user:mika') });
    await expect(own).rejects.toMatchObject({ code: 'PROMOTION_FOUR_EYES' });
    await approvePromotion(leaf.store, id, { ...anyone, actor: someone('user:kei') });
    expect(await leaf.advance()).toMatchObject({ state: 'canary' });
  });

  it('of four eyes are not given with a key by who made the key, nor by one of whom nothing is known', async () => {
    await using leaf = await shared.another(uris);
    const { store } = leaf;
    const key = { name: 'ci', scope: 'admin', expiresAt: null } as const;
    await createKey(store, key, { ...tester, name: 'user:mika' });
    for (const [starter, approver] of [
      ['key:ci', 'local:mika'],
      ['user:mika', 'key:ci'],
      ['local', 'user:kei'],
    ] as const) {
      const { id } = await leaf.start(gated({ fourEyes: true }), { who: starter });
      await leaf.advance();
      const own = approvePromotion(store, id, { ...anyone, actor: someone(approver) });
      await expect(own, approver).rejects.toMatchObject({ code: 'PROMOTION_FOUR_EYES' });
      await abortPromotion(store, id, anyone);
    }
  });

  it('that are refused turn it back, and a canary that waits for one is still watched', async () => {
    await using leaf = await shared.another(uris);
    const { id } = await leaf.start(gated());
    await leaf.advance();
    await refusePromotion(leaf.store, id, anyone);
    const refused = await leaf.advance();
    expect(refused).toMatchObject({ state: 'rejected' });
    expect(refused.decisions.at(-1)!.why).toBe('refused: by user:mika: looks good');

    await leaf.start(
      policy({ canary: { steps: [20], requestsAStep: 20 }, approvals: { beforePromote: { role: 'admin' } } }),
    );
    await leaf.advance();
    await leaf.answer(120, 20);
    expect(await leaf.advance()).toMatchObject({ state: 'waiting-for-approval', gate: 'beforePromote' });
    await leaf.answer(120, 20, (isCanary) => (isCanary ? { status: 503, label: null } : {}));
    expect(await leaf.advance()).toMatchObject({ state: 'rolled-back' });
  });
});

describe('what ends a promotion from outside', () => {
  it('abort takes the candidate down at once; what has ended stays so', async () => {
    await using leaf = await shared.another(uris);
    const { id } = await leaf.start(policy());
    await leaf.advance();
    expect(await abortPromotion(leaf.store, id, anyone)).toMatchObject({ state: 'aborted' });
    expect(await leaf.plan()).toEqual(['1 stable 100']);
    for (const verb of [abortPromotion, approvePromotion, refusePromotion])
      await expect(verb(leaf.store, id, anyone)).rejects.toMatchObject({ code: 'PROMOTION_ENDED' });
    expect(await leaf.advance()).toMatchObject({ state: 'aborted' });
  });

  it('abort, though a worker takes a step at that moment', async () => {
    await using leaf = await shared.another(uris);
    const { id } = await leaf.start(policy());
    const { store } = leaf;
    let reads = 0;
    const get: typeof store.promotions.get = async (wanted) => {
      const found = await store.promotions.get(wanted);
      // read once to find it, and again to move it on from there
      if (reads++ === 1) await leaf.advance();
      return found;
    };
    const aborted = await abortPromotion({ ...store, promotions: { ...store.promotions, get } }, id, anyone);
    expect(aborted.decisions.map(({ state }) => state)).toEqual(['replaying', 'canary', 'aborted']);
    expect(await leaf.plan()).toEqual(['1 stable 100']);
  });

  it('a newer candidate takes its place, with its traffic given back; the same one goes on', async () => {
    await using leaf = await shared.another([...uris, ...uris.slice(0, 1).map((uri) => `${uri}/`)]);
    const first = await leaf.start(policy());
    await leaf.advance();
    expect((await leaf.start(policy())).id).toBe(first.id);
    const second = await leaf.start(policy(), { version: 3 });
    expect(second).toMatchObject({ state: 'replaying', version: 3 });
    expect(await leaf.store.promotions.get(first.id)).toMatchObject({ state: 'superseded', endedAt: expect.any(Date) });
    expect(await leaf.plan()).toEqual(['1 stable 100', '3 shadow 100']);
  });

  it.each([
    ['its canary is taken down', ['1 stable 100']],
    ['it is promoted', ['2 stable 100']],
    // as `mitate endpoint rollback` in the second step sets it: such a canary went on, and was promoted
    ['its share is changed', ['1 stable 90', '2 canary 10']],
    ['it is made a shadow', ['1 stable 100', '2 shadow 100']],
  ])('by hand: %s, and so it stays', async (_, plan) => {
    await using leaf = await shared.another(uris);
    await leaf.start(policy());
    await leaf.advance();
    await leaf.setByHand(plan);
    expect(await leaf.advance()).toMatchObject({ state: 'superseded', endedAt: expect.any(Date) });
    expect(await leaf.plan()).toEqual(plan);
  });

  it('another version made stable by hand takes the canary down, which was held against the one before', async () => {
    await using leaf = await shared.another([...uris, `${uris[0]}/`]);
    await leaf.start(policy());
    await leaf.advance();
    await leaf.setByHand(['3 stable 80', '2 canary 20']);
    const superseded = await leaf.advance();
    expect(superseded).toMatchObject({ state: 'superseded' });
    expect(superseded.decisions.at(-1)!.why).toBe('leaf@3 became the stable version');
    expect(await leaf.plan()).toEqual(['3 stable 100']);
  });

  it('files of the candidate that are gone: what cannot be judged gets no more traffic', async () => {
    const uri = folder.at('short-lived');
    cpSync(uris[1]!, uri, { recursive: true });
    await using leaf = await shared.another([uris[0]!, uri]);
    await leaf.start(policy());
    expect(await leaf.advance()).toMatchObject({ state: 'canary' });
    rmSync(uri, { recursive: true });
    const back = await leaf.advance();
    expect(back).toMatchObject({ state: 'rolled-back', decisions: { length: 3 } });
    expect(back.decisions.at(-1)!.why).toContain('it cannot be evaluated');
    expect(await leaf.plan()).toEqual(['1 stable 100']);
  });

  it('a server that cannot load the candidate', async () => {
    await using leaf = await shared.another(uris);
    await leaf.start(policy());
    await leaf.advance();
    const { deployments } = (await leaf.store.endpoints.getEndpoint('leaf'))!;
    const details = deployments.find(({ role }) => role === 'canary');
    await leaf.store.endpoints.noteEndpoint('leaf', {
      action: 'refused',
      who: 'server',
      why: 'it has no file',
      details,
    });
    const back = await leaf.advance();
    expect(back).toMatchObject({ state: 'rolled-back' });
    expect(back.decisions.at(-1)!.why).toContain('it has no file');
  });

  it('a model that does not boot, before it has traffic', async () => {
    await using leaf = await shared.another([uris[0]!, folder.at('nothing-here')]);
    await leaf.start(policy(), { isServed: false });
    expect(await leaf.advance()).toMatchObject({ state: 'rejected' });
    expect(await leaf.plan()).toEqual(['1 stable 100']);
  });
});

describe('starting one', () => {
  const start = (leaf: PromotedEndpoint, wish: object) =>
    startPromotion(
      leaf.store,
      { endpoint: 'leaf', policy: {}, ...wish },
      { actor: tester, why: 'test', now: new Date() },
    );

  it('takes the challenger unless another is named', async () => {
    await using leaf = await shared.another(uris);
    expect(await start(leaf, {})).toMatchObject({ modelName: 'leaf', version: 2, championVersion: 1 });
  });

  it('refuses what makes no sense', async () => {
    await using leaf = await shared.another(uris);
    const { store } = leaf;
    await expect(start(leaf, { endpoint: 'other' })).rejects.toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
    await expect(start(leaf, { model: 'leaf@9' })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expect(start(leaf, { model: 'leaf@1' })).rejects.toMatchObject({ code: 'PROMOTION_ALREADY_STABLE' });
    for (const wrong of [
      { canary: { steps: [50, 10] } },
      { canary: { steps: [0] } },
      { alpha: 0 },
      { replay: { requests: -1 } },
      { unknown: 1 },
      [],
      'policy',
    ])
      await expect(start(leaf, { policy: wrong })).rejects.toMatchObject({ code: 'PROMOTION_POLICY_INVALID' });
    await unaudited(store).endpoints.createEndpoint('empty', { who: 'test', why: 'test' });
    await expect(start(leaf, { endpoint: 'empty', model: 'leaf@2' })).rejects.toMatchObject({
      code: 'PROMOTION_ENDPOINT_EMPTY',
    });
    await expect(requirePromotion(store, 'none')).rejects.toMatchObject({ code: 'PROMOTION_UNKNOWN' });
  });

  it('again under another policy is refused, not taken for the one under way', async () => {
    await using leaf = await shared.another(uris);
    const { id } = await start(leaf, {});
    expect(await start(leaf, {})).toMatchObject({ id });
    const other = start(leaf, { policy: { canary: { steps: [1] } } });
    await expect(other).rejects.toMatchObject({ code: 'PROMOTION_UNDER_WAY', details: { id } });
  });

  it('is not seen from another project', async () => {
    await using leaf = await shared.another(uris);
    const { id } = await leaf.start(policy());
    const other = leaf.store.forProject('team');
    expect(await other.promotions.get(id)).toBeNull();
    expect(await other.promotions.list()).toEqual([]);
    await expect(abortPromotion(other, id, anyone)).rejects.toMatchObject({ code: 'PROMOTION_UNKNOWN' });
  });
});
