import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/codecs/digest.ts';
import type { RequestRecord } from '../../../src/contracts/request-record.ts';
import { requestRecord } from '../../support/request-record.ts';
import { unaudited } from '../../support/unaudited.ts';
import type { storeFixture } from './fixture.ts';

const text = (record: RequestRecord, imageKept = false) => JSON.stringify({ ...record, imageKept });

/** What every database does with the request log. */
export function requestsConformance(fixture: ReturnType<typeof storeFixture>): void {
  describe('the request log', () => {
    it('returns what was logged', async () => {
      const { requests } = fixture.store;
      const embedding = Float32Array.from([1, -0.5, 3e-8]);
      const record = requestRecord({
        endpoint: 'all-columns',
        embedding: Buffer.from(embedding.buffer).toString('base64'),
        attention: { border: 0.1, entropy: 0.5 },
        shadowOf: '0190a1b2-0000-7000-8000-000000000001',
        role: 'shadow',
      });
      await requests.ingest('a', [text(record, true)], { segment: 1, offset: 32 });
      const read = await requests.getRequest(record.publicId);
      const { projection: _projection, embedding: _embedding, loggingTime, ...rest } = record;
      expect(read).toMatchObject({
        ...rest,
        probability: expect.closeTo(0.9475),
        positiveProbability: expect.closeTo(0.9475),
        probabilities: expect.anything(),
        outOfDistributionScore: expect.closeTo(0.7),
      });
      expect(read!.probabilities).toEqual([0.0525, 0.9475].map((p) => expect.closeTo(p)));
      expect(read!.loggingTime.toISOString()).toBe(loggingTime);
      expect(read!.projection).toEqual(new Float32Array(64).fill(1));
      expect(read!.embedding).toEqual(embedding);
      expect(read!.imageKept).toBe(true);
    });

    it("reads what version 0.1 logged: P(positive) as a question's probability, whatever the label", async () => {
      const { requests } = fixture.store;
      const older = (label: string, probability: number, change: Partial<RequestRecord> = {}) => {
        const probabilities = { unwell: probability, healthy: 1 - probability };
        const response = {
          label,
          probability,
          probabilities,
          classes: { scab: probability, healthy: 1 - probability },
        };
        const record = requestRecord({ endpoint: 'older', label, probability, response, ...change });
        const { positiveProbability: _positive, threshold: _threshold, ...written } = record;
        return written as RequestRecord;
      };
      const healthy = older('healthy', 0.625);
      const unwell = older('unwell', 0.875);
      const uncertain = older('healthy', 0.5625, {
        uncertain: true,
        response: { ...healthy.response, label: 'uncertain', leaning: 'healthy', probability: 0.5625 },
      });
      const shadow = { role: 'shadow', response: null } as const;
      const records = [
        healthy,
        unwell,
        uncertain,
        older('healthy', 0.25, { ...shadow, shadowOf: healthy.publicId }),
        older('unwell', 0.75, { ...shadow, shadowOf: healthy.publicId }),
        older('rust', 0.75, {
          response: { label: 'rust', probability: 0.75, probabilities: { rust: 0.75, spot: 0.25 } },
        }),
      ];
      await requests.ingest(
        'old',
        records.map((record) => text(record)),
        { segment: 1, offset: 32 },
      );
      const read = await Promise.all(records.map(({ publicId }) => requests.getRequest(publicId)));
      expect(read.map((one) => [one!.label, one!.probability, one!.positiveProbability, one!.threshold])).toEqual([
        ['healthy', 0.375, 0.625, null],
        ['unwell', 0.875, 0.875, null],
        ['healthy', 0.4375, 0.5625, null],
        ['healthy', 0.75, 0.25, null],
        ['unwell', 0.75, 0.75, null],
        ['rust', 0.75, null, null],
      ]);
      expect(read[0]!.response).toMatchObject({ label: 'healthy', probability: 0.375, positiveProbability: 0.625 });
      const listed = await requests.listRequests({ endpoint: 'older' });
      expect(listed.map(({ probability }) => probability).sort()).toEqual([0.375, 0.4375, 0.75, 0.75, 0.75, 0.875]);
    });

    it('adds a record once, and knows its position', async () => {
      const { requests } = fixture.store;
      const rows = Array.from({ length: 3 }, () => text(requestRecord({ endpoint: 'once' })));
      await requests.ingest('b', rows.slice(0, 2), { segment: 1, offset: 100 });
      await requests.ingest('b', rows, { segment: 2, offset: 40 });
      expect(await requests.listRequests({ endpoint: 'once' })).toHaveLength(3);
      expect(await requests.journalPosition('b')).toEqual({ segment: 2, offset: 40 });
    });

    it('separates projects', async () => {
      const { requests } = fixture.store;
      const record = requestRecord({ project: 'greenhouse', endpoint: 'apart' });
      await requests.ingest('c', [text(record)], { segment: 1, offset: 0 });
      expect(await requests.getRequest(record.publicId)).toBeNull();
      expect(await requests.listRequests({ endpoint: 'apart' })).toEqual([]);
      const other = fixture.store.forProject('greenhouse').requests;
      expect((await other.getRequest(record.publicId))?.requestId).toBe(record.requestId);
    });

    it('pages newest first, and scans oldest first', async () => {
      const { requests } = fixture.store;
      const start = Date.parse('2026-03-01T00:00:00Z');
      const rows = Array.from({ length: 2_345 }, (_, i) =>
        text(requestRecord({ endpoint: 'paged', instance: i, loggingTime: new Date(start + (i >> 2)).toISOString() })),
      );
      await requests.ingest('d', rows, { segment: 1, offset: 0 });
      const first = await requests.listRequests({ endpoint: 'paged', limit: 10 });
      const second = await requests.listRequests({ endpoint: 'paged', limit: 10, before: first.at(-1)!.key });
      expect([...first, ...second].map(({ instance }) => instance)).toEqual(
        Array.from({ length: 20 }, (_, i) => 2_344 - i),
      );
      const seen: number[] = [];
      for await (const page of requests.scanRequests({ endpoint: 'paged', from: new Date(start + 1) }))
        seen.push(...page.map(({ instance }) => instance));
      expect(seen).toEqual(Array.from({ length: 2_341 }, (_, i) => i + 4));
    });

    it('has partitions for this month and two more, and moves earlier rows into them', async () => {
      const { requests } = fixture.store;
      const record = requestRecord({ endpoint: 'months', loggingTime: '2031-05-31T23:59:59.999Z' });
      await requests.ingest('e', [text(record)], { segment: 1, offset: 0 });
      await requests.makePartitions(new Date('2031-04-10T00:00:00Z'));
      await requests.makePartitions(new Date('2031-05-10T00:00:00Z'));
      const names = (await requests.listPartitions()).map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(['fact_requests_2031_04', 'fact_requests_2031_07', 'fact_requests_other']),
      );
      expect(await requests.getRequest(record.publicId)).not.toBeNull();
      await requests.dropPartition('fact_requests_2031_05');
      expect(await requests.getRequest(record.publicId)).toBeNull();
    });

    it('skips erased records, and adds a later request of an erased photo without the photo', async () => {
      const { requests } = unaudited(fixture.store);
      const image = 'ab'.repeat(32);
      const at = (loggingTime: string) => requestRecord({ endpoint: 'erased', imageSha256: image, loggingTime });
      const before = at('2020-01-01T00:00:00.000Z');
      const single = requestRecord({ endpoint: 'erased' });
      await requests.ingest('f', [text(before, true), text(single)], { segment: 1, offset: 0 });
      const change = { who: 'ann', why: 'asked to' };
      expect(await requests.eraseRequests({ publicIds: [single.publicId], images: [image] }, change)).toBe(2);
      const later = at('2099-01-01T00:00:00.000Z');
      const erased = await requests.ingest('f', [text(before, true), text(single), text(later, true)], {
        segment: 1,
        offset: 9,
      });
      expect(erased).toEqual([{ project: 'default', image }]);
      const left = await requests.listRequests({ endpoint: 'erased' });
      expect(left.map(({ publicId, imageKept }) => ({ publicId, imageKept }))).toEqual([
        { publicId: later.publicId, imageKept: false },
      ]);
      const tombstones = await requests.listTombstones();
      expect(tombstones.map(({ hash }) => hash).sort()).toEqual(
        [sha256(`default/${image}`), sha256(`default/${single.publicId}`)].sort(),
      );
    });

    it('finds photos past the limits of all their endpoints', async () => {
      const { requests } = fixture.store;
      const [old, shared, gone, forever] = ['01', '02', '03', '04'].map((byte) => byte.repeat(32)) as [
        string,
        string,
        string,
        string,
      ];
      const kept = (endpoint: string, imageSha256: string, day: string) =>
        text(requestRecord({ endpoint, imageSha256, loggingTime: `2026-02-${day}T00:00:00.000Z` }), true);
      const rows = [
        kept('short', old, '01'),
        kept('short', shared, '01'),
        kept('long', shared, '01'),
        kept('deleted', gone, '01'),
        kept('forever', forever, '01'),
      ];
      await requests.ingest('g', rows, { segment: 1, offset: 0 });
      const otherwise = new Date('2026-02-05T00:00:00Z');
      const limits = new Map<string, Date | null>([
        ['forever', null],
        ['short', new Date('2026-02-10T00:00:00Z')],
        ['long', new Date('2026-01-10T00:00:00Z')],
      ]);
      const expired = await requests.expiredImages(limits, otherwise, new Date());
      expect(expired.filter((image) => /^(01|02|03|04)+$/.test(image)).sort()).toEqual([old, gone]);
      await requests.forgetImages(expired);
      expect(await requests.expiredImages(limits, otherwise, new Date())).toEqual([]);
    });
  });
}
