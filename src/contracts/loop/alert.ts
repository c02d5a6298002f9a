import { z } from 'zod';
import { nameSchema } from '../access.ts';
import { instantSchema } from '../instant.ts';
import { type Severity, severities } from '../severity.ts';
import { type Finding, findingSchema } from './monitor.ts';

export const alertStates = ['open', 'acknowledged', 'resolved', 'silenced'] as const;
export type AlertState = (typeof alertStates)[number];

/** Only variables of this prefix can be named: a channel made over HTTP reaches no other secret of the server. */
export const channelVariablePrefix = 'MITATE_CHANNEL_';

const variable = z
  .string()
  .regex(/^MITATE_CHANNEL_[A-Z0-9_]{1,100}$/, 'a variable named MITATE_CHANNEL_..., of A-Z, 0-9 and "_"')
  .refine((name) => name !== 'MITATE_CHANNEL_ALLOW', 'MITATE_CHANNEL_ALLOW is the allow-list, no secret');
const mailbox = z.email().max(254);
const webUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine(
    (text) => !/^[^/]*\/\/[^/?#]*@/.test(text),
    'a URL with a name or password in it is shown to whoever lists channels',
  );

/** Which alerts a channel is told of; what is left out narrows nothing. */
const heard = {
  /** These, and more severe ones. */
  leastSeverity: z.enum(severities).optional(),
  endpoints: z.array(nameSchema).min(1).max(100).optional(),
  /** By name, or by kind: `label-drift` is that monitor of every endpoint. */
  monitors: z.array(z.string().min(1).max(160)).min(1).max(100).optional(),
};

/** Where alerts are told. Secrets are named by the environment variable that holds them. */
export const channelSchema = z.discriminatedUnion('kind', [
  /** POST, JSON, signed: `X-Mitate-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`. */
  z.strictObject({ kind: z.literal('webhook'), url: webUrl, secretEnv: variable, ...heard }),
  /** `urlEnv` holds the incoming webhook's URL, which is itself the secret. */
  z.strictObject({ kind: z.literal('slack'), urlEnv: variable, ...heard }),
  /** `smtpUrlEnv` holds `smtps://user:password@host:465`, or `smtp://` for STARTTLS. */
  z.strictObject({
    kind: z.literal('email'),
    smtpUrlEnv: variable,
    from: mailbox,
    to: z.array(mailbox).min(1).max(50),
    ...heard,
  }),
  /**
   * The original system's message. `push`: as Google Pub/Sub pushes it to a subscriber. `publish`: as it is published to a topic
   * (`https://pubsub.googleapis.com/v1/projects/P/topics/T:publish`). `secretEnv` holds a bearer token, or a service account's JSON key.
   */
  z.strictObject({
    kind: z.literal('pubsub'),
    url: webUrl,
    shape: z.enum(['push', 'publish']).default('push'),
    secretEnv: variable.nullable().default(null),
    ...heard,
  }),
]);
export type Channel = z.infer<typeof channelSchema>;
export type ChannelKind = Channel['kind'];
export const channelKinds = ['webhook', 'slack', 'email', 'pubsub'] as const satisfies ChannelKind[];

export const deliveryStates = ['waiting', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Why a channel is told. */
export const alertNewsSchema = z.enum(['opened', 'resolved', 'test']);
export type AlertNews = z.infer<typeof alertNewsSchema>;

/** What a channel is told of, before it is put into the channel's words. */
export interface AlertMessage {
  news: AlertNews;
  project: string;
  /** When it happened. */
  at: Date;
  alert: {
    id: string;
    monitor: string;
    /** Of the monitor; null in a test. */
    kind: string | null;
    severity: Severity;
    endpoint: string;
    since: Date;
    /** Of the newest breach. */
    windowStart: Date;
    windowEnd: Date;
    finding: Finding;
    remedy: string;
  };
  /** Id of the stable deployment, as the star schema has it; null when the endpoint answers nothing. */
  deployedModelId: string | null;
}

export const timelineEntrySchema = z.object({
  /** ISO 8601. */
  at: z.string(),
  who: z.string(),
  what: z.string(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

export const alertSchema = z.object({
  id: z.string(),
  /** Order of opening. */
  seq: z.number(),
  monitor: z.string(),
  /** Of the monitor. */
  kind: z.string(),
  /** Of the kind. */
  severity: z.enum(severities),
  endpoint: z.string(),
  state: z.enum(alertStates),
  /** Start of the first window that moved. */
  since: instantSchema,
  openedAt: instantSchema,
  /** When the newest breach was found. */
  lastSeenAt: instantSchema,
  /** Of the newest breach: [start, end). */
  windowStart: instantSchema,
  windowEnd: instantSchema,
  resolvedAt: instantSchema.nullable(),
  silencedUntil: instantSchema.nullable(),
  /** The newest breach. */
  finding: findingSchema,
  /** What to do about it. */
  remedy: z.string(),
  /** Oldest first. */
  timeline: z.array(timelineEntrySchema),
});
export interface Alert extends z.input<typeof alertSchema> {
  /** `seq` of the newest monitor result that was taken into account. */
  resultSeq: number;
}

export const storedChannelSchema = z.object({
  name: z.string(),
  definition: channelSchema,
  createdAt: instantSchema,
  who: z.string(),
});
export interface StoredChannel extends z.input<typeof storedChannelSchema> {
  definition: Channel;
}

/** One message for one channel. */
export const deliverySchema = z.object({
  id: z.string(),
  alert: z.string(),
  channel: z.string(),
  news: alertNewsSchema,
  state: z.enum(deliveryStates),
  attempts: z.number(),
  /** Of the next attempt; null = none follows. */
  nextAt: instantSchema.nullable(),
  lastError: z.string().nullable(),
  createdAt: instantSchema,
  deliveredAt: instantSchema.nullable(),
});
export interface Delivery extends z.input<typeof deliverySchema> {
  /** Fixed, so that every attempt sends the same. */
  body: string;
}
