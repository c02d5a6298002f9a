import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SettingsChange } from '../../contracts/api/endpoints.ts';
import { type UnlikePolicy, unlikePolicies } from '../../contracts/prediction.ts';
import { withOldName } from './old-name.ts';
import { parseDuration } from './parse-duration.ts';
import { parseNumber } from './parse-number.ts';

export interface SettingFlags {
  abstain?: SettingsChange['abstain'];
  threshold?: number;
  images?: SettingsChange['images'];
  keepImages?: number;
  embeddingShare?: number;
  public?: boolean;
  offline?: boolean;
  corsOrigin?: string[];
  outOfDistribution?: boolean;
  unlike?: UnlikePolicy;
  refuseAbove?: number;
  deadline?: number;
  review?: SettingsChange['review'];
  reset?: string[];
}

const names = {
  abstain: 'abstain',
  threshold: 'threshold',
  images: 'images',
  'keep-images': 'imageRetentionDays',
  'embedding-share': 'embeddingShare',
  public: 'public',
  offline: 'offline',
  'cors-origin': 'corsOrigins',
  'out-of-distribution': 'outOfDistribution',
  unlike: 'unlike',
  'refuse-above': 'refuseAbove',
  deadline: 'deadlineMs',
  review: 'review',
} as const satisfies Record<string, keyof SettingsChange>;

export function withSettingFlags(command: Command): Command {
  const described = command
    .option('--abstain <low..high>', 'probabilities reported as "uncertain", such as 0.4..0.6, or "never"', parseBand)
    .option(
      '--threshold <probability>',
      "P(positive) from which on a question's answer is the positive one, 0..1 (default: the model's own)",
      parseProbability,
    )
    .option('--images <policy>', 'photos to keep, without EXIF and GPS: none, all, sampled, sampled:0.1', parseImages)
    .option('--keep-images <duration>', 'how long to keep photos, in days, such as 30d; 0 = no limit', parseDays)
    .option('--embedding-share <share>', 'share of requests whose full embedding is logged, 0..1', parseNumber)
    .option('--public', 'allow predict and explain without a key')
    .option('--no-public', 'require a key')
    .option('--offline', 'let devices keep the model file of the stable version, and answer without a connection')
    .option('--no-offline', 'give the model file to no device')
    .option(
      '--cors-origin <origin...>',
      'pages that may call the endpoint from a browser, such as https://app.example; replaces the list',
    )
    .option('--out-of-distribution', 'score the distance of a photo to the training photos')
    .option('--no-out-of-distribution', 'disable out-of-distribution scores')
    .addOption(unlikeOption())
    .addOption(refuseAboveOption())
    .option(
      '--review <n>',
      'photos per day for the review queue: 50, or 50:0.2 with the share drawn at random; then labellers per photo, and whether the majority decides when they disagree: 50:0.2:3:majority',
      parseReview,
    )
    .option('--deadline <duration>', 'maximum time from arrival to response, such as 500ms or 10s', parseDuration);
  return withOldName(described, '--image-days <n>', { now: 'keepImages', parse: parseNumber });
}

export const unlikeOption = (): Option =>
  new Option(
    '--unlike <policy>',
    'photos unlike the training photos: refuse (those that show no subject of the model; warn of the rest; default), warn, or answer',
  ).choices(unlikePolicies);

export const refuseAboveOption = (): Option =>
  new Option(
    '--refuse-above <score>',
    "refuse from this distance to the training photos on; 1 = unlike them, 0 = never (default: the model's own)",
  ).argParser(parseDistance);

function parseProbability(text: string): number {
  const probability = parseNumber(text);
  if (probability < 0 || probability > 1) throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return probability;
}

function parseDistance(text: string): number {
  const distance = parseNumber(text);
  if (distance < 0 || distance > 1_000) throw new InvalidArgumentError('Expected a number from 0 to 1000.');
  return distance;
}

/** `0` -> 0, no limit. */
function parseDays(text: string): number {
  const days = text === '0' ? 0 : parseDuration(text) / 86_400_000;
  if (!Number.isInteger(days)) throw new InvalidArgumentError('Expected whole days, such as 30d.');
  return days;
}

export const resetOption = (): Option =>
  new Option('--reset <setting...>', 'reset settings to their defaults').choices(Object.keys(names));

/** Only the settings that were given. */
export function settingsOf(flags: SettingFlags): SettingsChange {
  const given: SettingsChange = {
    abstain: flags.abstain,
    threshold: flags.threshold,
    images: flags.images,
    imageRetentionDays: flags.keepImages,
    embeddingShare: flags.embeddingShare,
    public: flags.public,
    offline: flags.offline,
    corsOrigins: flags.corsOrigin,
    outOfDistribution: flags.outOfDistribution,
    unlike: flags.unlike,
    refuseAbove: flags.refuseAbove,
    deadlineMs: flags.deadline,
    review: flags.review,
  };
  const reset = (flags.reset ?? []).map((name) => [names[name as keyof typeof names], null]);
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(reset), ...Object.fromEntries(set) };
}

function parseBand(text: string): SettingsChange['abstain'] {
  if (text === 'never') return null;
  const [low, high, ...more] = text.split('..').map(Number);
  if (low === undefined || high === undefined || more.length > 0 || !(low >= 0 && low <= high && high <= 1))
    throw new InvalidArgumentError('Expected two probabilities such as 0.4..0.6, or "never".');
  return { low, high };
}

function parseImages(text: string): SettingsChange['images'] {
  const [, policy, share] = /^(none|all|sampled)(?::(0(?:\.\d+)?|1))?$/.exec(text) ?? [];
  if (policy === undefined || (share !== undefined && policy !== 'sampled'))
    throw new InvalidArgumentError('Expected none, all, sampled, or sampled:0.1.');
  return { policy: policy as 'none' | 'all' | 'sampled', ...(share !== undefined && { share: Number(share) }) };
}

function parseReview(text: string): SettingsChange['review'] {
  const [, perDay, share, opinions, disputes] =
    /^(\d{1,5})(?::(0(?:\.\d+)?|1)(?::(\d{1,2})(?::(hold|majority))?)?)?$/.exec(text) ?? [];
  if (perDay === undefined)
    throw new InvalidArgumentError('Expected photos per day such as 50, 50:0.2, 50:0.2:3, or 50:0.2:3:majority.');
  return {
    perDay: Number(perDay),
    ...(share !== undefined && { randomShare: Number(share) }),
    ...(opinions !== undefined && { opinions: Number(opinions) }),
    ...(disputes !== undefined && { disputes: disputes as 'hold' | 'majority' }),
  };
}
