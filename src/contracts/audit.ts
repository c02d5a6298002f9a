import { z } from 'zod';
import type { Actor } from './actor.ts';
import { instantSchema } from './instant.ts';
import { recordOf } from './record-of.ts';

/** Audited actions: resource and verb. Older rows may have `user.change`: now `user.password`, `user.disable` or `user.enable`. */
export const auditedActions = [
  'alert.ack',
  'alert.resolve',
  'alert.silence',
  'channel.create',
  'channel.remove',
  'channel.retry',
  'channel.test',
  'correction.add',
  'correction.export',
  'correction.revert',
  'data.relabel',
  'endpoint.create',
  'endpoint.delete',
  'endpoint.deploy',
  'endpoint.promote',
  'endpoint.rollback',
  'endpoint.set',
  'endpoint.traffic',
  'endpoint.undeploy',
  'feedback.add',
  'feedback.import',
  'feedback.link',
  'feedback.unlink',
  'flywheel.export',
  'golden.add',
  'golden.remove',
  'key.create',
  'key.revoke',
  'key.rotate',
  'label.name',
  'log.erase',
  'model.promote',
  'model.rollback',
  'monitor.create',
  'monitor.defaults',
  'monitor.remove',
  'monitor.run',
  'monitor.set',
  'preferences.set',
  'project.create',
  'project.share-worker',
  'project.stage',
  'promotion.abort',
  'promotion.approve',
  'promotion.refuse',
  'promotion.start',
  'release.bring',
  'release.deploy',
  'release.make',
  'release.webhook',
  'review.adjudicate',
  'review.claim',
  'review.fill',
  'review.label',
  'review.skip',
  'review.undo',
  'run.cancel',
  'run.dequeue',
  'run.enqueue',
  'run.note',
  'secret.rekey',
  'secret.remove',
  'secret.set',
  'session.create',
  'session.end',
  'session.refuse',
  'trigger.create',
  'trigger.disable',
  'trigger.enable',
  'trigger.notify',
  'trigger.remove',
  'trigger.run',
  'upload.create',
  'upload.finish',
  'upload.remove',
  'user.create',
  'user.disable',
  'user.enable',
  'user.password',
  'user.role',
  'user.totp',
] as const;
export type AuditedAction = (typeof auditedActions)[number];

/** A new audit row; the store adds its project and time. */
export interface NewAuditEntry {
  actor: Actor;
  action: AuditedAction;
  /** The changed object: a name or an id; never a secret. */
  subject: string;
  details?: Record<string, unknown>;
}

export const auditEntrySchema = z.object({
  seq: z.number(),
  project: z.string(),
  at: instantSchema,
  who: z.string(),
  action: z.string(),
  subject: z.string(),
  details: recordOf(z.unknown()),
  requestId: z.string().nullable(),
  /** Null in rows of older versions. */
  door: z.enum(['http', 'cli', 'worker']).nullable(),
  /** IP address of the HTTP client. */
  address: z.string().nullable(),
});
export type AuditEntry = z.input<typeof auditEntrySchema>;
