import { type Command, Option } from 'commander';
import { listEndpoints } from '../../actions/endpoints/endpoint.ts';
import { requireEndpoint } from '../../actions/endpoints/require-endpoint.ts';
import { fillQueue } from '../../actions/review/fill.ts';
import { keptPhoto, labelPhoto, listReview, nextPhotos, skipPhoto } from '../../actions/review/review.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { ReviewFilter } from '../../store/review/contract.ts';
import { action } from '../cli.ts';
import { attributesOf, type LabelFlags, withAttributeFlags } from '../options/attribute-flags.ts';
import { withOutput } from '../options/output-option.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { moment } from '../output/moment.ts';
import { plural } from '../output/plural.ts';
import { writeOutput } from '../output/write-output.ts';
import { registerLabellers } from './review-labellers.ts';

export function registerReview(program: Command): void {
  registerUnder(
    program
      .command('review')
      .description(
        'review photos queued for a label: list, next, label, skip, fill, disputes, adjudicate, agreement, labellers',
      ),
  );
}

/** Until 0.3: `review` was named `queue` in 0.1, which also means the queue of runs. */
export function registerQueue(program: Command): void {
  registerUnder(program.command('queue', { hidden: true }).description('deprecated: use "review"'));
}

function registerUnder(review: Command): void {
  registerList(review);
  registerNext(review);
  registerLabel(review);
  registerSkip(review);
  registerFill(review);
  registerLabellers(review);
}

function registerList(review: Command): void {
  const command = review
    .command('list', { isDefault: true })
    .description('list queued photos, the most valuable label first')
    .option('--endpoint <name>', 'only this endpoint')
    .addOption(
      new Option('--state <state>', 'only this state').choices(['waiting', 'done', 'skipped']).default('waiting'),
    )
    .option('--limit <n>', 'maximum number of photos', wholeNumber, 20);
  action(command, async ({ inStore, output }, flags: ReviewFilter) => {
    const items = await inStore(async (store) => {
      if (flags.endpoint !== undefined) await requireEndpoint(store, flags.endpoint);
      return await listReview(store, flags);
    });
    output.list(
      items,
      flags.state === 'waiting' ? 'The review queue is empty.' : `No photos in state ${flags.state}.`,
      (item) => ({
        REQUEST: item.request,
        ENDPOINT: item.endpoint,
        REASON: item.reason,
        '#WORTH': item.worth.toFixed(2),
        '#CHANCE': item.chance.toFixed(4),
        ANSWER: item.label,
        '#PROBABILITY': item.probability?.toFixed(4) ?? null,
        '#LABELLERS': `${item.labellers}/${item.opinions}`,
        QUEUED: moment(item.queuedAt),
        PHOTO: item.imageKept ? 'kept' : 'deleted',
      }),
    );
  });
}

function registerNext(review: Command): void {
  const command = review
    .command('next')
    .description('take the photo with the most valuable label; it is reserved for you for ten minutes')
    .option('--endpoint <name>', 'only this endpoint');
  withOutput(command, { description: 'write the photo to this file', old: 'photo' });
  action(command, async ({ inStore, output, by }, flags: { endpoint?: string; output?: string }) => {
    const item = await inStore(async (store) => {
      if (flags.endpoint !== undefined) await requireEndpoint(store, flags.endpoint);
      const [found = null] = await nextPhotos(store, { actor: by.actor, endpoint: flags.endpoint, now: new Date() });
      if (found && flags.output !== undefined)
        await writeOutput(flags.output, (await keptPhoto(store, found.request)).bytes);
      return found;
    });
    output.json(item);
    if (item === null) return output.line('The review queue is empty.');
    output.line(
      `${item.request}: predicted ${item.label} (${item.probability?.toFixed(4)}), queued for ${item.reason}.`,
    );
    if (flags.output !== undefined) output.line(`Photo written to ${flags.output}.`);
    output.note(`Label it: mitate review label ${item.request} <label>`);
  });
}

function registerLabel(review: Command): void {
  const command = review
    .command('label <id> <label>')
    .description('label a queued photo')
    .option('--new-class', 'accept a label that the model lacks')
    .option('--note <text>', 'free text stored with the label');
  withAttributeFlags(command);
  action(command, async ({ inStore, output, by }, id: string, label: string, flags: LabelFlags) => {
    const added = await inStore((store) =>
      labelPhoto(store, id, { label, ...flags, attributes: attributesOf(flags, 'review label') }, by),
    );
    output.json(added.entry);
    output.line(`Label saved; the prediction was ${added.verdict}.`);
  });
}

function registerSkip(review: Command): void {
  const command = review.command('skip <id>').description('remove a photo that nobody can label from the queue');
  action(command, async ({ inStore, output, by }, id: string) => {
    await inStore((store) => skipPhoto(store, id, by));
    output.json({ request: id, skipped: true });
    output.line('Skipped.');
  });
}

function registerFill(review: Command): void {
  const command = review
    .command('fill')
    .description('queue photos received since the last fill; a worker does this daily')
    .option('--endpoint <name>', 'only this endpoint (default: all)')
    .option('--budget <n>', "number of photos to queue (default: the endpoint's daily budget, pro rata)", wholeNumber);
  action(command, async ({ inStore, output, by }, flags: { endpoint?: string; budget?: number }) => {
    await inStore(async (store) => {
      for (const endpoint of await endpointsOf(store, flags.endpoint)) {
        const budget = flags.budget === undefined ? {} : { budget: flags.budget };
        const fill = await fillQueue(store, endpoint, { ...by, ...budget });
        output.json({ endpoint: endpoint.name, fill });
        if (fill === null) output.line(`${endpoint.name}: filled less than a minute ago.`);
        else
          output.line(
            `${endpoint.name}: ${plural(fill.pictures, 'new picture')} until ${moment(fill.end)}; ${fill.drawn} drawn at random, ${fill.picked} selected by value.`,
          );
        if (fill) output.note('Requests of the last minute are left to the next fill.');
        if (fill && fill.drawn + fill.picked < fill.pictures)
          output.note('The other photos stay candidates for a day; --budget <n> queues more.');
        if (fill?.pictures && fill.drawn + fill.picked === 0 && endpoint.settings.images.policy === 'none')
          output.note(`${endpoint.name} keeps no photos. Run "mitate endpoint set ${endpoint.name} --images sampled".`);
      }
    });
  });
}

async function endpointsOf(store: OpenStore, name: string | undefined) {
  if (name === undefined) return await listEndpoints(store);
  return [await requireEndpoint(store, name)];
}
