import { createUser, signIn } from '../../../src/actions/access/user.ts';
import type { Permission } from '../../../src/contracts/access.ts';
import { rolePermissions, scopePermissions } from '../../../src/contracts/access.ts';
import { type Case, cases, hookSecret, password } from '../../support/audited/cases.ts';
import { World } from '../../support/audited/world.ts';
import { registerModel } from '../../support/register-model.ts';
import type { ScratchFolder } from '../../support/scratch-folder.ts';
import type { ServedApp } from '../../support/served-app.ts';
import { tester } from '../../support/tester.ts';
import { unaudited } from '../../support/unaudited.ts';

export const environment = { MITATE_CHANNEL_SECRET: hookSecret, MITATE_RELEASE_SECRET: hookSecret };

export interface Caller {
  name: string;
  project: string;
  permissions: readonly Permission[];
  isServerAdmin: boolean;
  headers: Record<string, string>;
}

const user = 'fuzz-person';
/** What is there to ask about, before the requests make more. */
const scene = [
  'alert.ack',
  'alert.resolve',
  'alert.silence',
  'channel.remove',
  'endpoint.delete',
  'endpoint.promote',
  'endpoint.rollback',
  'endpoint.undeploy',
  'feedback.link',
  'flywheel.export',
  'golden.remove',
  'key.revoke',
  'model.rollback',
  'monitor.run',
  'promotion.abort',
  'promotion.approve',
  'promotion.refuse',
  'review.label',
  'run.cancel',
  'run.dequeue',
  'trigger.enable',
  'trigger.notify',
  'trigger.run',
] as const;

/** A project in which there is one of everything, callers of every kind, and an endpoint in a project that none of them may enter. */
export class ApiWorld {
  readonly callers: Caller[];
  /** Names and ids that no request may destroy. */
  readonly kept: string[];
  /** Predicts in the project beside. */
  readonly steadyKey: string;
  readonly #api: ServedApp;

  private constructor(api: ServedApp, callers: Caller[], kept: string[], steadyKey: string) {
    this.#api = api;
    this.callers = callers;
    this.kept = kept;
    this.steadyKey = steadyKey;
  }

  static async open(api: ServedApp, folder: ScratchFolder, uris: readonly string[]): Promise<ApiWorld> {
    const { store } = api.served;
    const { access } = unaudited(store);
    const world = await World.open('http', api, folder, uris);
    for (const name of ['elsewhere', 'steady']) await access.createProject({ name, description: '' });
    await registerModel(store.forProject('steady'), { name: 'leaf', uri: uris[0]!, endpoint: 'leaf' });
    await api.served.service.refresh();
    for (const action of scene) for (const { before } of [cases[action]].flat() as Case[]) await before?.(world);
    for (const one of [cases['release.bring'], cases['run.enqueue'], cases['channel.create']] as Case[])
      await world.ask(await one.http!(world));
    await createUser(world.store, { name: user, password, role: 'approver' }, tester);
    const { project } = world;
    const keyOf = async (name: 'predict' | 'operate' | 'admin', of: string): Promise<Caller> => {
      const headers = { 'x-api-key': await api.makeKey(name, null, of) };
      const permissions = scopePermissions[name];
      return {
        name: `${name} key of ${of}`,
        project: of,
        permissions,
        headers,
        isServerAdmin: of === 'default' && name === 'admin',
      };
    };
    const nobody = { name: 'nobody', project, permissions: [], headers: {}, isServerAdmin: false };
    const stranger = {
      ...nobody,
      name: 'a wrong key',
      headers: { 'x-api-key': `mk_${'0'.repeat(16)}_${'A'.repeat(43)}` },
    };
    const person = { ...nobody, name: 'session', permissions: rolePermissions.approver };
    const keys = [
      keyOf('predict', project),
      keyOf('operate', project),
      keyOf('admin', project),
      keyOf('admin', 'elsewhere'),
    ];
    const callers = [...(await Promise.all([...keys, keyOf('admin', 'default')])), nobody, stranger, person];
    const kept = [user, ...(await store.access.listKeys()).flatMap(({ id, name }) => [id, name])];
    const opened = new ApiWorld(api, callers, kept, await api.makeKey('predict', null, 'steady'));
    await opened.signIn();
    return opened;
  }

  /** Anew: a request may have ended the session. */
  async signIn(): Promise<void> {
    const person = this.callers.find(({ name }) => name === 'session')!;
    const { token } = await signIn(this.#api.served.store, { name: user, password }, tester);
    person.headers = { authorization: `Bearer ${token}`, 'x-mitate-project': person.project };
  }
}
