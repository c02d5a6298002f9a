import { type Command, Option } from 'commander';
import { requireEndpoint } from '../../actions/endpoints/require-endpoint.ts';
import { fillQueue } from '../../actions/review/fill.ts';
import { keptPhoto, labelPhoto, nextPhoto, skipPhoto } from '../../actions/review/review.ts';
import { withStore } from '../../actions/with-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { ReviewFilter } from '../../store/review/contract.ts';
import { actor } from '../access.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';
import { plural } from '../output/plural.ts';
import { writeOutput } from '../output/write-output.ts';
import { wholeNumber } from './run.ts';

export function registerQueue(program: Command): void {
  const queue = program.command('queue').description('photos that wait for a label: list, next, label, skip, fill');
  registerList(queue);
  registerNext(queue);
  registerLabel(queue);
  registerSkip(queue);
  registerFill(queue);
}

function registerList(queue: Command): void {
  const command = queue
    .command('list', { isDefault: true })
    .description('those whose label is worth most first')
    .option('--endpoint <name>', 'of this endpoint only')
    .addOption(
      new Option('--state <state>', 'of this state').choices(['waiting', 'done', 'skipped']).default('waiting'),
    )
    .option('--limit <n>', 'at most so many', wholeNumber, 20);
  action(command, async ({ config, output }, flags: ReviewFilter) => {
    const items = await withStore(config, { attach: true }, async (store) => {
      if (flags.endpoint !== undefined) await requireEndpoint(store, flags.endpoint);
      return await store.review.list(flags);
    });
    for (const item of items) output.json(item);
    if (items.length === 0) return output.line(`No photos are ${flags.state}.`);
    output.table(
      ['REQUEST', 'ENDPOINT', 'REASON', '#WORTH', '#CHANCE', 'ANSWER', '#PROBABILITY', 'QUEUED', 'PHOTO'],
      items.map((item) => [
        item.request,
        item.endpoint,
        item.reason,
        item.worth.toFixed(2),
        item.chance.toFixed(4),
        item.label,
        item.probability?.toFixed(4) ?? null,
        moment(item.queuedAt),
        item.imageKept ? 'kept' : 'gone',
      ]),
    );
  });
}

function registerNext(queue: Command): void {
  const command = queue
    .command('next')
    .description('the photo whose label is worth most; nobody else is given it for ten minutes')
    .option('--endpoint <name>', 'of this endpoint only')
    .option('--photo <file>', 'write the photo there');
  action(command, async ({ config, output }, flags: { endpoint?: string; photo?: string }) => {
    const item = await withStore(config, { attach: true }, async (store) => {
      if (flags.endpoint !== undefined) await requireEndpoint(store, flags.endpoint);
      const found = await nextPhoto(store, { actor: actor(), endpoint: flags.endpoint, now: new Date() });
      if (found && flags.photo !== undefined)
        await writeOutput(flags.photo, (await keptPhoto(store, found.request)).bytes);
      return found;
    });
    output.json(item);
    if (item === null) return output.line('No photos wait.');
    output.line(
      `${item.request}: answered ${item.label} (${item.probability?.toFixed(4)}), here because ${item.reason}.`,
    );
    if (flags.photo !== undefined) output.line(`The photo is ${flags.photo}.`);
    output.note(`Say what it shows: mitate queue label ${item.request} <label>`);
  });
}

function registerLabel(queue: Command): void {
  const command = queue
    .command('label <id> <label>')
    .description('say what a photo of the queue shows')
    .option('--new-class', 'the model does not know the label, and it is meant so')
    .option('--note <text>', 'for people');
  action(
    command,
    async ({ config, output }, id: string, label: string, flags: { newClass?: boolean; note?: string }) => {
      const by = { actor: actor(), now: new Date() };
      const added = await withStore(config, { attach: true }, (store) =>
        labelPhoto(store, id, { label, ...flags }, by),
      );
      output.json(added.entry);
      output.line(`Noted: the answer was ${added.verdict}.`);
    },
  );
}

function registerSkip(queue: Command): void {
  const command = queue
    .command('skip <id>')
    .description('take a photo out of the queue: nobody can tell what it shows');
  action(command, async ({ config, output }, id: string) => {
    await withStore(config, { attach: true }, (store) => skipPhoto(store, id, { actor: actor(), now: new Date() }));
    output.json({ request: id, skipped: true });
    output.line('Skipped.');
  });
}

function registerFill(queue: Command): void {
  const command = queue
    .command('fill')
    .description('look through what was answered since the last time; a worker does it every day')
    .option('--endpoint <name>', 'of this endpoint only (default: all)')
    .option(
      '--budget <n>',
      'photos (default: what the endpoint takes a day, by the time that is looked at)',
      wholeNumber,
    );
  action(command, async ({ config, output }, flags: { endpoint?: string; budget?: number }) => {
    await withStore(config, { attach: true }, async (store) => {
      for (const endpoint of await endpointsOf(store, flags.endpoint)) {
        const budget = flags.budget === undefined ? {} : { budget: flags.budget };
        const fill = await fillQueue(store, endpoint, { actor: actor(), now: new Date(), ...budget });
        output.json({ endpoint: endpoint.name, fill });
        if (fill === null) output.line(`${endpoint.name}: nothing came since the last time.`);
        else
          output.line(
            `${endpoint.name}: ${plural(fill.pictures, 'new picture')} until ${moment(fill.end)}; drawn by chance ${fill.drawn}, picked ${fill.picked}.`,
          );
        if (fill && fill.drawn + fill.picked < fill.pictures && flags.budget === undefined)
          output.note(
            "That is the share of the day's budget for this stretch of time; --budget <n> takes more of what comes next.",
          );
        if (fill?.pictures && fill.drawn + fill.picked === 0 && endpoint.settings.images.policy === 'none')
          output.note(`${endpoint.name} keeps no photos: "mitate endpoint set ${endpoint.name} --images sampled".`);
      }
    });
  });
}

async function endpointsOf({ endpoints }: OpenStore, name: string | undefined) {
  if (name === undefined) return await endpoints.listEndpoints();
  return [await requireEndpoint({ endpoints }, name)];
}
