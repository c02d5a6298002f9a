import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { someone } from '../../support/tester.ts';
import { unaudited } from '../../support/unaudited.ts';
import type { StoreFixture } from './fixture.ts';

export function accessConformance(fixture: StoreFixture): void {
  const { tick } = fixture;
  const newProject = async () => {
    const name = randomUUID();
    await unaudited(fixture.store).access.createProject({ name, description: 'a test' });
    return name;
  };
  const newKey = async (project: string) => {
    const id = randomUUID();
    const about = { name: 'ci', scope: 'operate' as const, expiresAt: null, createdBy: 'local:ann' };
    return {
      id,
      key: await unaudited(fixture.store).access.createKey({ ...about, id, project, hash: `hash of ${id}` }),
    };
  };
  const newUser = async () => {
    const name = randomUUID();
    await unaudited(fixture.store).access.createUser({ name, passwordHash: 'scrypt$1' });
    return name;
  };

  describe('projects', () => {
    it('are listed by name; `default` always exists, and names are unique', async () => {
      const { access } = unaudited(fixture.store);
      const name = await newProject();
      const projects = await access.listProjects();
      expect(projects.map((each) => each.name)).toEqual(expect.arrayContaining(['default', name]));
      const again = access.createProject({ name, description: '' });
      await expect(again).rejects.toMatchObject({ code: 'PROJECT_EXISTS' });
    });
  });

  describe('keys', () => {
    it('are stored as a hash, listed by project, and found by id', async () => {
      const { access } = fixture.store;
      const [one, other] = [await newProject(), await newProject()];
      const { id, key } = await newKey(one);
      await newKey(other);
      expect(await access.listKeys(one)).toEqual([key]);
      expect(key).not.toHaveProperty('hash');
      expect((await access.listKeys()).length).toBeGreaterThanOrEqual(2);
      expect(await access.findKey(id)).toEqual({ ...key, hash: `hash of ${id}` });
      expect(await access.findKey('none')).toBeNull();
      await expect(newKey(randomUUID())).rejects.toMatchObject({ code: 'PROJECT_UNKNOWN' });
    });

    it('are revoked by their own project, once', async () => {
      const { access } = unaudited(fixture.store);
      const [project, other] = [await newProject(), await newProject()];
      const { id } = await newKey(project);
      expect(await access.revokeKey(id, other)).toBeNull();
      const revoked = await access.revokeKey(id, project);
      expect(revoked?.revokedAt).toEqual(expect.any(Date));
      expect(await access.revokeKey(id, project)).toEqual(revoked);
    });

    it('record their last use, never an earlier one', async () => {
      const { access } = fixture.store;
      const project = await newProject();
      const [a, b] = [await newKey(project), await newKey(project)];
      const [early, late] = [tick(), tick()];
      await access.touchKeys([
        { id: a.id, at: late },
        { id: b.id, at: early },
        { id: 'none', at: early },
      ]);
      await access.touchKeys([{ id: a.id, at: early }]);
      expect((await access.findKey(a.id))?.lastUsedAt).toEqual(late);
      expect((await access.findKey(b.id))?.lastUsedAt).toEqual(early);
    });
  });

  describe('users', () => {
    it('have a role in each project', async () => {
      const { access } = unaudited(fixture.store);
      const [one, other] = [await newProject(), await newProject()];
      const name = await newUser();
      await access.setRole(name, one, 'viewer');
      await access.setRole(name, other, 'admin');
      expect(await access.setRole(name, one, 'approver')).toMatchObject({
        roles: { [one]: 'approver', [other]: 'admin' },
      });
      expect((await access.listUsers(one)).map((user) => user.name)).toEqual([name]);
      expect((await access.listUsers(one))[0]?.roles).toEqual({ [one]: 'approver', [other]: 'admin' });
      await access.setRole(name, one, null);
      expect(await access.listUsers(one)).toEqual([]);
      expect((await access.listUsers()).map((user) => user.name)).toContain(name);
      await expect(access.setRole('nobody', one, 'viewer')).rejects.toMatchObject({ code: 'USER_UNKNOWN' });
      await expect(access.setRole(name, 'nowhere', 'viewer')).rejects.toMatchObject({ code: 'PROJECT_UNKNOWN' });
      const twice = access.createUser({ name, passwordHash: '' });
      await expect(twice).rejects.toMatchObject({ code: 'USER_EXISTS' });
    });

    it('are signed in until the session ends, expires, or they are disabled or get a new password', async () => {
      const { access } = unaudited(fixture.store);
      const name = await newUser();
      const session = async (expiresInMs = 1e9) => {
        const hash = randomUUID();
        const expiresAt = new Date(tick().getTime() + expiresInMs);
        await access.createSession({ hash, user: name, expiresAt, address: null, userAgent: null });
        return hash;
      };
      const [ended, kept] = [await session(), await session()];
      expect(await access.findSession(kept, tick())).toMatchObject({
        of: { user: { name } },
        expiresAt: expect.any(Date),
      });
      await access.endSession(ended);
      expect(await access.findSession(ended, tick())).toBeNull();
      const short = await session(1_000);
      expect(await access.findSession(short, tick())).toBeNull();
      // the clock was set back: it stays ended
      expect(await access.findSession(short, new Date(0))).toBeNull();
      await access.setPassword(name, 'scrypt$2');
      expect(await access.findSession(kept, tick())).toBeNull();
      expect((await access.findUser(name))?.passwordHash).toBe('scrypt$2');
      const last = await session();
      expect((await access.disableUser(name, true)).disabledAt).toEqual(expect.any(Date));
      expect(await access.findSession(last, tick())).toBeNull();
      expect((await access.disableUser(name, false)).disabledAt).toBeNull();
      expect(await access.findSession(last, tick())).toBeNull();
      await expect(access.disableUser('nobody', true)).rejects.toMatchObject({ code: 'USER_UNKNOWN' });
    });
  });

  describe('the audit log', () => {
    it('pages by project, newest first', async () => {
      const { access } = fixture.store;
      const [project, other] = [await newProject(), await newProject()];
      const entry = { action: 'endpoint.promote', details: { version: 2, 理由: '良い' } } as const;
      const audit = (subject: string, into: string) =>
        fixture.store.forProject(into).audited(async () => {}, { ...entry, actor: someone('key:ci'), subject });
      for (const subject of ['a', 'b', 'c']) await audit(subject, project);
      await audit('d', other);
      const [newest, ...older] = await access.listAudit({ project, limit: 2 });
      expect(newest).toMatchObject({ ...entry, who: 'key:ci', subject: 'c', at: expect.any(Date) });
      expect(older.map(({ subject }) => subject)).toEqual(['b']);
      const rest = await access.listAudit({ project, before: older[0]!.seq });
      expect(rest.map(({ subject }) => subject)).toEqual(['a']);
      expect((await access.listAudit({ limit: 1 }))[0]?.subject).toBe('d');
    });
  });
}
