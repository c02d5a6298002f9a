import { z } from 'zod';
import { nameSchema } from '../access.ts';
import { instantSchema } from '../instant.ts';
import { type Severity, severities } from '../severity.ts';
import { type Finding, findingSchema } from './monitor.ts';

export const alertStates = ['open', 'acknowledged', 'resolved', 'silenced'] as const;
export type AlertState = (typeof alertStates)[number];

/** Channels can only name variables with this prefix, so that one created over HTTP cannot read other secrets of the server. */
export const channelVariablePrefix = 'MITATE_CHANNEL_';

export const channelVariableSchema = z
  .string()
  .regex(/^MITATE_CHANNEL_[A-Z0-9_]{1,100}$/, 'must be the name of a variable MITATE_CHANNEL_... with A-Z, 0-9 and "_"')
  .refine((name) => name !== 'MITATE_CHANNEL_ALLOW', 'MITATE_CHANNEL_ALLOW is the allow-list, not a secret');
const mailbox = z.email().max(254);
const webUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine(
    (text) => !/^[^/]*\/\/[^/?#]*@/.test(text),
    'a URL must not contain a name or password: everyone who lists channels can see it',
  );

/** Filter of a channel's alerts; absent = no restriction. */
const heard = {
  /** This severity and above. */
  leastSeverity: z.enum(severities).optional(),
  endpoints: z.array(nameSchema).min(1).max(100).optional(),
  /** By name, or by kind: `label-drift` selects that monitor of every endpoint. */
  monitors: z.array(z.string().min(1).max(160)).min(1).max(100).optional(),
};

/** Destination of alerts. Secrets are given by the names of environment variables. */
export const channelSchema = z.discriminatedUnion('kind', [
  /** POST, JSON, signed: `X-Mitate-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`. */
  z.strictObject({ kind: z.literal('webhook'), url: webUrl, secretEnv: channelVariableSchema, ...heard }),
  /** `urlEnv` names the variable with the incoming webhook's URL, which is a secret. */
  z.strictObject({ kind: z.literal('slack'), urlEnv: channelVariableSchema, ...heard }),
  /** `smtpUrlEnv` names the variable with `smtps://user:password@host:465`, or `smtp://` for STARTTLS. */
  z.strictObject({
    kind: z.literal('email'),
    smtpUrlEnv: channelVariableSchema,
    from: mailbox,
    to: z.array(mailbox).min(1).max(50),
    ...heard,
  }),
  /**
   * The original system's message. `push`: as Google Pub/Sub pushes it to a subscriber. `publish`: as published to a topic
   * (`https://pubsub.googleapis.com/v1/projects/P/topics/T:publish`). `secretEnv`: a bearer token, or a service account's JSON key.
   */
  z.strictObject({
    kind: z.literal('pubsub'),
    url: webUrl,
    shape: z.enum(['push', 'publish']).default('push'),
    secretEnv: channelVariableSchema.nullable().default(null),
    ...heard,
  }),
]);
export type Channel = z.infer<typeof channelSchema>;
export type ChannelKind = Channel['kind'];

/** Names of the environment variables with the channel's secrets. */
export function channelVariables(channel: Channel): string[] {
  const { shape } = channelSchema.options.find((option) => option.shape.kind.value === channel.kind)!;
  const fields = Object.entries(shape).filter(([, schema]) => isVariable(schema));
  return fields.flatMap(([field]) => (channel as unknown as Record<string, string | null>)[field] ?? []);
}

function isVariable(schema: unknown): boolean {
  const isWrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodNullable;
  return schema === channelVariableSchema || (isWrapped && isVariable(schema.unwrap()));
}
export const channelKinds = ['webhook', 'slack', 'email', 'pubsub'] as const satisfies ChannelKind[];

const deliveryStates = ['waiting', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Why a channel gets a message. */
const alertNewsSchema = z.enum(['opened', 'resolved', 'test']);
export type AlertNews = z.infer<typeof alertNewsSchema>;

/** Content of a message, before it is formatted for a channel. */
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
  /** Id of the stable deployment, as in the star schema; null when the endpoint has none. */
  deployedModelId: string | null;
}

const timelineEntrySchema = z.object({
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
  /** Start of the first window with a breach. */
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
