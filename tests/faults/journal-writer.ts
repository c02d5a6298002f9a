import { randomBytes } from 'node:crypto';
import { openJournal } from '../../src/serving/journal/journal.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { requestRecord } from '../support/request-record.ts';

/** Forked by journal.test.ts: logs as fast as it can, and tells each id after it was promised. */
const [workspace] = process.argv.slice(2) as [string];
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const store = await openStore({ workspace });
const journal = await openJournal({
  dir: `${workspace}/journal`,
  requests: store.requests,
  images: localImages(`${workspace}/images`),
  source: 'test',
  logger,
  drainEveryMs: 20,
  syncEveryMs: 150,
  segmentBytes: 100_000,
});

async function client(): Promise<never> {
  for (;;) {
    const record = requestRecord();
    const image = Math.random() < 0.1 ? randomBytes(5_000) : undefined;
    await journal.append([image ? { record, image } : { record }]);
    process.send?.({ id: record.publicId, image: image ? record.imageSha256 : null });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

await Promise.all(Array.from({ length: 4 }, client));
