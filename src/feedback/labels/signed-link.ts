import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LinkQuestion } from '../../contracts/loop/feedback.ts';
import { MitateError } from '../../errors/index.ts';

/** A link allows feedback on one photo until it expires. */
export interface LinkClaim {
  project: string;
  /** Public id of the answered photo. */
  request: string;
  ask: LinkQuestion;
  expiresAt: Date;
  madeAt: Date;
  /** Who made it, if they may not label: what is said by the link is theirs. */
  by?: string | undefined;
}

/** `<claim>.<HMAC-SHA256 of it>`, both base64url. @param secret of the workspace */
export function signLink({ project, request, ask, expiresAt, madeAt, by }: LinkClaim, secret: Uint8Array): string {
  const fields = [project, request, expiresAt.getTime(), madeAt.getTime(), ask, ...(by === undefined ? [] : [by])];
  const claim = Buffer.from(JSON.stringify(fields)).toString('base64url');
  return `${claim}.${seal(claim, secret)}`;
}

/** @throws FEEDBACK_LINK_INVALID, FEEDBACK_LINK_EXPIRED */
export function openLink(token: string, secret: Uint8Array, now: Date): LinkClaim {
  const [claim = '', mac = '', ...more] = token.split('.');
  if (more.length > 0 || !isSame(mac, seal(claim, secret))) throw new MitateError('FEEDBACK_LINK_INVALID', {});
  // those of 0.1 do not say when they were made
  const [project, request, expiresMs, madeMs = 0, ask = 'answer', by] = JSON.parse(
    Buffer.from(claim, 'base64url').toString(),
  );
  const expiresAt = new Date(expiresMs);
  if (now >= expiresAt) throw new MitateError('FEEDBACK_LINK_EXPIRED', { until: expiresAt.toISOString() });
  return { project, request, ask, expiresAt, madeAt: new Date(madeMs), by };
}

// the purpose is signed too, so that other uses of the secret cannot pass as a link
const seal = (claim: string, secret: Uint8Array) =>
  createHmac('sha256', secret).update(`mitate feedback link 1\n${claim}`).digest('base64url');

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
