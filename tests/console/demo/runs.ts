import { expect, it } from 'vitest';
import { sizes } from '../browser.ts';
import type { DemoConsole } from './open.ts';

const every = Object.keys(sizes) as (keyof typeof sizes)[];

export function runTests(open: () => DemoConsole): void {
  it.each(every)('training is started by a form made of the parameters of the pipeline, on a %s', async (size) => {
    const { browser, client, demo } = open();
    const opened = await browser.page('/runs', { size });
    const { page } = opened;
    const images = `${demo.folder}/photos/span-{SPAN}`;
    const before = (await client.runs.queue.list()).length;
    await page.getByRole('button', { name: 'Start training' }).click();
    const sheet = page.getByRole('dialog');
    const [parameter] = (await client.pipelines.graph('leaf-health')).parameters;
    const field = sheet.getByLabel(parameter!.name);
    expect(await field.getAttribute('placeholder')).toBe(parameter!.default);
    await field.fill(images);
    await sheet.getByLabel('Note').fill(`<b>spring</b> 春 on a ${size}`);
    await sheet.getByRole('button', { name: 'Start', exact: true }).click();
    await sheet.waitFor({ state: 'detached' });
    await page.getByText(/waits? for a worker/).waitFor();
    const queued = await client.runs.queue.list();
    expect(queued.length).toBe(before + 1);
    const added = queued.find(({ note }) => note === `<b>spring</b> 春 on a ${size}`)!;
    expect(added.parameters).toEqual({ images });
    await page.getByRole('button', { name: 'Remove' }).first().click();
    await expect.poll(async () => (await client.runs.queue.list()).length).toBe(before);
    opened.expectNoProblems();
  });

  it.each(
    every,
  )('two runs are chosen in the list and compared: parameters, data, metrics with intervals, on a %s', async (size) => {
    const { browser, client } = open();
    const opened = await browser.page('/runs', { size });
    const { page } = opened;
    const { items } = await client.runs.list({ pipeline: 'leaf-health', state: 'succeeded' });
    const compare = page.getByRole('button', { name: /^Compare/ });
    await compare.waitFor();
    expect(await compare.getAttribute('aria-disabled')).toBe('true');
    for (const { id } of items.slice(0, 2))
      await page.getByRole('checkbox', { name: `Select leaf-health ${id.slice(-6)}` }).check();
    await compare.click();
    await page.getByRole('heading', { name: 'Two runs' }).waitFor();
    const [newest, oldest] = items;
    const found = await client.runs.compare(newest!.id, oldest!.id);
    for (const { model } of found.runs) await page.getByText(`${model!.name}@${model!.version}`).first().waitFor();
    const photos = Object.values(found.runs[0]!.data!.counts).flatMap((splits) => Object.values(splits));
    const total = photos.reduce((sum: number, count) => sum + (count ?? 0), 0);
    await page
      .getByRole('cell', { name: String(total), exact: true })
      .first()
      .waitFor();
    await page.getByText(`There are ${found.differences[0]!.photos} such photos.`).waitFor();
    const { auc } = found.runs[0]!.evaluation!.metrics;
    const row = page.getByRole('table', { name: 'Metrics' }).getByRole('row', { name: /^AUC/ });
    const interval = [auc!.value, auc!.low, auc!.high].map((each) => each!.toFixed(3));
    for (const each of interval) expect(await row.textContent()).toContain(each);
    opened.expectNoProblems();
  });
}
