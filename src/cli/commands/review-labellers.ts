import type { Command } from 'commander';
import { adjudicate, labelAgreement, listDisputes, listLabellers } from '../../actions/review/labellers.ts';
import { accuracyText, agreementRows } from '../../actions/review/labellers-text.ts';
import type { PeriodFilter } from '../../store/feedback/contract.ts';
import { action } from '../cli.ts';
import { attributesOf, type LabelFlags, withAttributeFlags } from '../options/attribute-flags.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { inPeriod, type PeriodFlags, withPeriod } from '../options/period.ts';
import { moment } from '../output/moment.ts';

/** Several labellers of one photo: where they disagree, how far they agree, and how often each is right. */
export function registerLabellers(review: Command): void {
  registerDisputes(review);
  registerAdjudicate(review);
  registerAgreement(review);
  registerAccuracy(review);
}

type Flags = PeriodFlags & { endpoint?: string };

function withEndpointAndPeriod(command: Command): Command {
  return withPeriod(command.option('--endpoint <name>', 'only this endpoint'), 'predictions');
}

function registerDisputes(review: Command): void {
  const command = review
    .command('disputes')
    .description('list photos on which labellers disagree; none of their labels counts until "review adjudicate"')
    .option('--limit <n>', 'maximum number of photos', wholeNumber, 20);
  withEndpointAndPeriod(command);
  action(command, async ({ inStore, output, by }, { limit, ...flags }: Flags & { limit: number }) => {
    const found = await inStore((store) =>
      listDisputes(store, { ...(inPeriod(flags, by.now) as PeriodFilter), limit }),
    );
    output.list(found, 'No disputed photos.', (each) => ({
      REQUEST: each.request,
      ENDPOINT: each.endpoint,
      PREDICTED: moment(each.requestAt),
      ANSWER: each.answer,
      LABELS: each.labels.map(({ label, labellers }) => `${label}: ${labellers.join(', ')}`).join('; '),
      REASON: each.reason,
      PHOTO: each.imageKept ? 'kept' : 'deleted',
    }));
  });
}

function registerAdjudicate(review: Command): void {
  const command = review
    .command('adjudicate <id> <label>')
    .description('decide what a photo shows: this label counts before all others')
    .option('--new-class', 'accept a label that the model lacks')
    .option('--note <text>', 'free text stored with the label');
  withAttributeFlags(command);
  action(command, async ({ inStore, output, by }, id: string, label: string, flags: LabelFlags) => {
    const { entry, verdict } = await inStore((store) =>
      adjudicate(store, id, { label, ...flags, attributes: attributesOf(flags, 'review adjudicate') }, by),
    );
    output.json(entry);
    output.line(`Decided; the prediction was ${verdict}.`);
  });
}

function registerAgreement(review: Command): void {
  const command = review
    .command('agreement')
    .description(
      "show how far labellers agree: Krippendorff's alpha with 95 % intervals, 1 = always, 0 = as by chance",
    );
  withEndpointAndPeriod(command);
  action(command, async ({ inStore, output, by }, flags: Flags) => {
    const found = await inStore((store) => labelAgreement(store, inPeriod(flags, by.now)));
    for (const each of found) output.json(each);
    if (!output.options.json)
      output.table(
        ['ENDPOINT', 'OF', '#PHOTOS', '#AGREED', 'ALPHA'],
        agreementRows(found),
        'No photo was labelled by two labellers.',
      );
  });
}

function registerAccuracy(review: Command): void {
  const command = review
    .command('labellers')
    .description('show how often each labeller was right, on adjudicated photos and golden photos that came again');
  withEndpointAndPeriod(command);
  action(command, async ({ inStore, output, by }, flags: Flags) => {
    const found = await inStore((store) => listLabellers(store, inPeriod(flags, by.now)));
    output.list(found, 'No labels.', ({ labeller, source, labelled, checked, right, accuracy }) => ({
      LABELLER: labeller,
      SOURCE: source,
      '#LABELLED': labelled,
      '#CHECKED': checked,
      '#RIGHT': right,
      ACCURACY: accuracyText(accuracy),
    }));
  });
}
