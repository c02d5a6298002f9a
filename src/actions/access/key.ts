import { newKey } from '../../codecs/key-format.ts';
import type { ApiKey, Scope } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireName } from './require-name.ts';

export interface CreatedKey {
  /** `mk_<id>_<secret>`: shown once, stored nowhere. */
  key: string;
  info: ApiKey;
}

/** Of the store's project, newest first. */
export async function listKeys({ access, project }: Pick<OpenStore, 'access' | 'project'>): Promise<ApiKey[]> {
  return await access.listKeys(project);
}

/** @throws ACCESS_NAME_INVALID, PROJECT_UNKNOWN, KEY_EXPIRY_PAST, KEY_NAME_TAKEN */
export async function createKey(
  { audited, project }: Pick<OpenStore, 'audited' | 'project'>,
  { name, scope, expiresAt, unusedUntil }: { name: string; scope: Scope; expiresAt: Date | null; unusedUntil?: Date },
  actor: Actor,
): Promise<CreatedKey> {
  requireName('key', name);
  if (expiresAt !== null && expiresAt <= new Date())
    throw new MitateError('KEY_EXPIRY_PAST', { expiresAt: expiresAt.toISOString() });
  const { id, key, hash } = newKey();
  const info = await audited(
    async ({ access }) => {
      const taken = (await access.listKeys(project)).find((each) => each.name === name && isActive(each));
      if (taken) throw new MitateError('KEY_NAME_TAKEN', { project, name, id: taken.id });
      const made = { project, name, scope, expiresAt, createdBy: actor.name, id, hash };
      return await access.createKey({ ...made, ...(unusedUntil && { unusedUntil }) });
    },
    { actor, action: 'key.create', subject: id, details: { name, scope, expiresAt } },
  );
  return { key, info };
}

const isActive = (key: ApiKey) => key.revokedAt === null && keyEnds(key) > Date.now();

/** Milliseconds since 1970; Infinity = never. */
export function keyEnds({
  expiresAt,
  unusedUntil,
  lastUsedAt,
}: Pick<ApiKey, 'expiresAt' | 'unusedUntil' | 'lastUsedAt'>): number {
  const unused = lastUsedAt === null ? unusedUntil : null;
  return Math.min(...[expiresAt, unused].map((end) => end?.getTime() ?? Number.POSITIVE_INFINITY));
}

export interface RotatedKey extends CreatedKey {
  /** With the time at which it ends. */
  replaced: ApiKey;
}

/** A new key of the same name, scope and validity; the old one, by id or name, is accepted for the overlap. @throws KEY_UNKNOWN */
export async function rotateKey(
  { audited, project }: Pick<OpenStore, 'audited' | 'project'>,
  idOrName: string,
  { overlapMs, actor, now }: { overlapMs: number; actor: Actor; now: Date },
): Promise<RotatedKey> {
  const { id, key, hash } = newKey();
  const made = await audited(
    async ({ access }) => {
      const active = (await access.listKeys(project)).filter(isActive);
      const old = active.find((each) => each.id === idOrName) ?? active.find(({ name }) => name === idOrName);
      const replaced = old && (await access.endKey(old.id, project, new Date(now.getTime() + overlapMs)));
      if (!old || !replaced) throw new MitateError('KEY_UNKNOWN', { project, key: idOrName });
      const { name, scope, createdAt, expiresAt } = old;
      const validMs = expiresAt && expiresAt.getTime() - createdAt.getTime();
      const ends = validMs === null ? null : new Date(now.getTime() + validMs);
      const info = await access.createKey({ project, name, scope, expiresAt: ends, createdBy: actor.name, id, hash });
      return { info, replaced };
    },
    ({ replaced }) => ({
      actor,
      action: 'key.rotate',
      subject: replaced.id,
      details: { name: replaced.name, by: id, until: replaced.expiresAt },
    }),
  );
  return { key, ...made };
}

/** By id, or all active keys of a name, newest first; they are refused from now on. @throws KEY_UNKNOWN */
export async function revokeKeys(
  { access, audited, project }: Pick<OpenStore, 'access' | 'audited' | 'project'>,
  idOrName: string,
  actor: Actor,
): Promise<[ApiKey, ...ApiKey[]]> {
  const named = (await access.listKeys(project)).filter(({ name, revokedAt }) => name === idOrName && !revokedAt);
  const revoke = (id: string) =>
    audited(
      async (within) => {
        const revoked = await within.access.revokeKey(id, project);
        if (revoked === null) throw new MitateError('KEY_UNKNOWN', { project, key: idOrName });
        return revoked;
      },
      ({ name }) => ({ actor, action: 'key.revoke', subject: id, details: { name } }),
    );
  const [first = idOrName, ...others] = named.map(({ id }) => id);
  const revoked: [ApiKey, ...ApiKey[]] = [await revoke(first)];
  for (const id of others) revoked.push(await revoke(id));
  return revoked;
}
