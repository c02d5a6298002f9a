import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sha256 } from '../../../src/codecs/digest.ts';
import type { DemoConsole } from './open.ts';

const endpoint = 'leaf-health';

export function trafficTests(open: () => DemoConsole): void {
  it('on the map, requests lie over the photos that they are like, and the list of them is one press away', async () => {
    const { browser, client, demo, served } = open();
    const data = 'leaf-health';
    const found = await client.data.mapRequests(data, { endpoint, limit: 1_000 });
    expect(found.items.length).toBeGreaterThan(100);
    expect(found.items.some(({ outOfDistribution }) => outOfDistribution)).toBe(true);
    for (const share of found.explained!) expect(share).toBeGreaterThan(0.5);
    // a photo of the data set, asked again, lies near its own place
    const map = await client.data.map(data);
    const { items: photos } = await client.data.photos(data, { at: map.at.slice(0, 1).join() });
    const bytes = filesIn(demo.folder).find((file) => sha256(file) === photos[0]!.sha256)!;
    const { predictions } = await client.predict(endpoint, new Blob([new Uint8Array(bytes)]));
    const { store, sink } = served.served;
    const asked = JSON.stringify({ ...sink.records.at(-1), imageKept: false });
    await store.requests.ingest('asked again', [asked], { segment: 1, offset: 0 });
    const { items } = await client.data.mapRequests(data, { endpoint, limit: 1 });
    const { x, y } = items.find(({ id }) => id === predictions[0]!.id)!;
    expect(Math.hypot(x - map.x[0]!, y - map.y[0]!)).toBeLessThan(0.3);

    const opened = await browser.page(`/photos?tab=map&data=${data}`);
    const { page } = opened;
    await page.getByRole('combobox', { name: 'Requests over them' }).click();
    await page.getByRole('option', { name: endpoint }).click();
    await page.getByText(/newest requests of the last 7 days/).waitFor();
    expect(new URL(page.url()).searchParams.get('traffic')).toBe(endpoint);
    await page.getByRole('link', { name: 'Open the requests' }).click();
    await page.waitForURL(/\/service\?.*tab=requests/);
    opened.expectNoProblems();
  });
}

const filesIn = (folder: string): Buffer[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jpg'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
