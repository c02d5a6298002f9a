import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { feedbackSources } from '../../contracts/loop/feedback.ts';
import type { flywheelPolicySchema } from '../../contracts/loop/flywheel.ts';
import { reviewReasons } from '../../contracts/loop/review.ts';
import { parseNumber, wholeNumber } from './parse-number.ts';

export type Policy = z.input<typeof flywheelPolicySchema>;
/** What a flywheel policy accepts, beside its folder and its endpoint. */
export type Acceptance = Omit<Policy, 'to' | 'endpoint'>;

const names = [
  'base',
  'sources',
  'reasons',
  'minConfirmations',
  'publicSources',
  'publicConfirmations',
  'trust',
  'minTrust',
  'verdicts',
  'newClasses',
  'rename',
  'minNew',
  'maxPhotos',
  'balance',
] as const satisfies (keyof Acceptance)[];

/** @param prefix before each name: `flywheel-` makes `--min-new` of an export `--flywheel-min-new` of a trigger */
export function withAcceptanceFlags(command: Command, prefix: '' | 'flywheel-' = ''): Command {
  return command
    .option(`--${prefix}base <source...>`, 'existing training sources; near duplicates of their photos are left out')
    .addOption(
      new Option(`--${prefix}sources <source...>`, 'accepted feedback sources (default: all)').choices(feedbackSources),
    )
    .addOption(
      new Option(`--${prefix}reasons <reason...>`, 'accepted reasons for review (default: all)').choices([
        ...reviewReasons,
        'unasked',
      ]),
    )
    .option(`--${prefix}min-confirmations <n>`, 'labellers that must agree', wholeNumber)
    .addOption(
      new Option(
        `--${prefix}public-sources <source...>`,
        'feedback sources that anybody may use (default: link widget)',
      ).choices(feedbackSources),
    )
    .option(
      `--${prefix}public-confirmations <n>`,
      'labellers that must agree with a label of a public source (default: 2)',
      wholeNumber,
    )
    .option(
      `--${prefix}trust <who=trust...>`,
      'trust in a feedback source or labeller, 0..1, such as link=0.3 user:mika=0.5 (default: 1)',
      collectTrust,
    )
    .option(`--${prefix}min-trust <sum>`, 'minimum sum of the trust in those who agree', parseNumber)
    .option(`--no-${prefix}verdicts`, 'use only labels, not labels inferred from verdicts')
    .option(`--${prefix}new-classes`, 'include labels that the model lacks')
    .option(
      `--${prefix}rename <label=name...>`,
      'rename a label of the feedback to a label of the data set',
      collectPair,
    )
    .option(`--${prefix}min-new <n>`, 'minimum number of new photos for a span (default: 1)', wholeNumber)
    .option(`--${prefix}max-photos <n>`, 'maximum number of photos in the span (default: 1000)', wholeNumber)
    .option(
      `--${prefix}balance <factor>`,
      'maximum number of photos per label, as a multiple of the rarest label',
      parseNumber,
    );
}

/** Those that were given. */
export function acceptanceOf(flags: object, prefix: '' | 'flywheel-' = ''): Acceptance {
  const all = flags as Record<string, unknown>;
  const given = names.flatMap((name): [string, unknown][] => {
    const value = all[prefix === '' ? name : `flywheel${name[0]!.toUpperCase()}${name.slice(1)}`];
    // --no-verdicts: commander sets true without it
    return value === undefined || (name === 'verdicts' && value === true) ? [] : [[name, value]];
  });
  return Object.fromEntries(given);
}

function collectTrust(text: string, before: Record<string, number> = {}): Record<string, number> {
  const [, who, trust] = /^(.+)=([^=]+)$/.exec(text) ?? [];
  if (who === undefined || trust === undefined) throw new InvalidArgumentError('Expected <source or labeller>=<0..1>.');
  return { ...before, [who]: parseNumber(trust) };
}

function collectPair(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [label, name, ...more] = text.split('=');
  if (!label || !name || more.length > 0) throw new InvalidArgumentError('Expected <label>=<name>.');
  return { ...before, [label]: name };
}
