import { describe, expect, it } from 'vitest';
import { LabelledRequests } from '../../../../tests/support/labelled-requests.ts';
import { unaudited } from '../../../../tests/support/unaudited.ts';
import { dayMs } from '../../../codecs/duration.ts';
import { measuredAccuracy } from '../../../feedback/labels/measured-accuracy.ts';
import { makeReport } from '../report.ts';
import { reportPage } from './page.ts';

const now = new Date();
const ago = (days: number) => new Date(now.getTime() - days * dayMs).toISOString();

describe('the accuracy in the report', () => {
  it('is measured with the labels of its photos, whenever they came, and with those that came for earlier photos', async () => {
    await using leaf = await LabelledRequests.open();
    const { store } = leaf;
    await store.requests.makePartitions(now);
    let photo = 0;
    const answer = (days: number, change = {}) =>
      leaf.answer(Buffer.from(`photo ${photo++}`), { loggingTime: ago(days), label: 'unwell', ...change });
    for (const label of ['unwell', 'unwell', 'unwell', 'healthy']) await leaf.label(await answer(2), label);
    // the newest word counts
    const corrected = await answer(3);
    await leaf.label(corrected, 'healthy');
    await leaf.label(corrected, 'unwell');
    await leaf.label(await answer(20), 'unwell');
    // a shadow, an error, a photo without a label
    await leaf.label(await answer(2, { role: 'shadow' }), 'unwell');
    await leaf.label(await answer(2, { status: 503, label: null, probability: null }), 'unwell');
    await answer(2);
    // "wrong" from somebody who does not know the right answer
    const { publicId, endpoint, loggingTime } = await answer(2);
    await unaudited(store).feedback.add([
      {
        ...{ request: publicId, endpoint, kind: 'verdict', verdict: 'wrong', source: 'link', who: 'test', note: null },
        ...{ label: null, truth: null, newClass: false, event: null, value: null, idempotencyKey: null },
        ...{ requestAt: new Date(loggingTime), at: new Date() },
      },
    ]);

    const report = await makeReport(store, { lastMs: 7 * dayMs, now: new Date() });
    expect(report.quality.measured).toEqual([
      {
        ...{ endpoint: 'leaf', photos: 'period', labelled: 6, right: 4, picked: 0 },
        // Wilson's of 4 of 6
        accuracy: { value: 4 / 6, low: expect.closeTo(0.3, 3), high: expect.closeTo(0.9032, 3) },
      },
      expect.objectContaining({ endpoint: 'leaf', photos: 'earlier', labelled: 1, right: 1 }),
    ]);
    const page = reportPage(report);
    expect(page).toContain('<li>Accuracy of leaf: 66.7 % (30.0 to 90.3), on 6 labelled photos.</li>');
    expect(page).toContain('earlier, labelled in this period');
  });

  it('does not count photos that were picked because they are hard, and weighs those drawn by chance', () => {
    const of = (isRight: boolean, weight: number, photos: number) => {
      return { endpoint: 'leaf', isEarlier: false, severity: null, isRight, weight, photos };
    };
    expect(measuredAccuracy([of(false, 0, 9), of(true, 10, 9), of(false, 10, 1)])).toEqual([
      {
        ...{ endpoint: 'leaf', photos: 'period', labelled: 19, right: 9, picked: 9 },
        // Wilson's of 9 of 10
        accuracy: { value: 0.9, low: expect.closeTo(0.5958, 3), high: expect.closeTo(0.9821, 3) },
      },
    ]);
    expect(measuredAccuracy([of(false, 0, 9)])).toMatchObject([{ labelled: 9, picked: 9, accuracy: null }]);
  });
});
