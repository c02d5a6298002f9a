import { z } from 'zod';

export const alertStates = ['open', 'acknowledged', 'resolved', 'silenced'] as const;
export type AlertState = (typeof alertStates)[number];

/** Where alerts are told. Secrets are named by the environment variable that holds them. */
export const channelSchema = z.discriminatedUnion('kind', [
  /** POST, JSON, signed: `X-Mitate-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`. */
  z.object({ kind: z.literal('webhook'), url: z.url(), secretEnv: z.string() }),
  z.object({ kind: z.literal('slack'), urlEnv: z.string() }),
  z.object({ kind: z.literal('email'), smtpUrlEnv: z.string(), from: z.string(), to: z.array(z.string()).min(1) }),
  /** Google Pub/Sub push shape with the original system's message. */
  z.object({ kind: z.literal('pubsub'), url: z.url(), secretEnv: z.string().nullable().default(null) }),
]);
export type Channel = z.infer<typeof channelSchema>;
