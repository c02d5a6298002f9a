import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/contracts/actor.ts';
import type { NewAuditEntry } from '../../../src/contracts/audit.ts';
import type { StoreFixture } from './fixture.ts';

const actor: Actor = { kind: 'key', id: 'k1', name: 'key:ci', door: 'http', requestId: 'r1', address: '::1' };
const entryOf = (name: string): NewAuditEntry => ({ actor, action: 'project.create', subject: name });

export function auditedConformance(fixture: StoreFixture): void {
  describe('an audited change', () => {
    const trace = async (name: string) => {
      const { access } = fixture.store;
      const made = (await access.listProjects()).some((project) => project.name === name);
      const rows = (await access.listAudit({ limit: 50 })).filter(({ subject }) => subject === name);
      return { made, rows };
    };
    const create = (name: string, entry: NewAuditEntry) =>
      fixture.store.audited(({ access }) => access.createProject({ name, description: '' }), entry);

    it('is committed with its row, with actor and interface', async () => {
      const name = randomUUID();
      const details = { 理由: '良い' };
      expect(await create(name, { ...entryOf(name), details })).toMatchObject({ name });
      const { made, rows } = await trace(name);
      const who = { who: 'key:ci', door: 'http', requestId: 'r1', address: '::1' };
      expect(made).toBe(true);
      expect(rows).toMatchObject([{ project: fixture.store.project, action: 'project.create', details, ...who }]);
    });

    it('is described by what it returned', async () => {
      const name = randomUUID();
      const description = 'as it was made';
      await fixture.store.audited(
        ({ access }) => access.createProject({ name, description }),
        (made) => ({ ...entryOf(made.name), details: { description: made.description } }),
      );
      expect((await trace(name)).rows).toMatchObject([{ details: { description } }]);
    });

    it('is rolled back when its row cannot be written', async () => {
      const name = randomUUID();
      // PostgreSQL takes no NUL in text
      await expect(create(name, { ...entryOf(name), details: { reason: '\0' } })).rejects.toThrow();
      expect(await trace(name)).toEqual({ made: false, rows: [] });
    });

    it('leaves no row when it fails or is interrupted', async () => {
      const name = randomUUID();
      const half = fixture.store.audited(async ({ access }) => {
        await access.createProject({ name, description: '' });
        throw new Error('the power went off');
      }, entryOf(name));
      await expect(half).rejects.toThrow('the power went off');
      expect(await trace(name)).toEqual({ made: false, rows: [] });
      await create(name, entryOf(name));
      await expect(create(name, entryOf(name))).rejects.toMatchObject({ code: 'PROJECT_EXISTS' });
      expect((await trace(name)).rows).toHaveLength(1);
    });

    it('may contain transactions', async () => {
      const name = randomUUID();
      const { audited } = fixture.store;
      await audited(async ({ endpoints }) => {
        await endpoints.createEndpoint(name, { who: 'test', why: 'test' });
        const refused = endpoints.createEndpoint(name, { who: 'test', why: 'again' });
        await expect(refused).rejects.toMatchObject({ code: 'ENDPOINT_EXISTS' });
      }, entryOf(name));
      expect(await fixture.store.endpoints.endpointTimeline(name)).toMatchObject([{ action: 'create', why: 'test' }]);
    });
  });
}
