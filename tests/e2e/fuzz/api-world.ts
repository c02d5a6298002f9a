import { signIn } from '../../../src/actions/access/sign-in.ts';
import { createUser } from '../../../src/actions/access/user.ts';
import type { Permission, Scope } from '../../../src/contracts/access.ts';
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
  /** How often it asks, of all. */
  share: number;
}

const user = 'fuzz-person';
/** What is there to ask about, before the requests make more. */
const scene = [
  'alert.ack',
  'alert.resolve',
  'alert.silence',
  'channel.remove',
  'correction.revert',
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
  'upload.finish',
] as const;

/** A project in which there is one of everything, callers of every kind, and an endpoint in a project that none of them may enter. */
export class ApiWorld {
  readonly callers: Caller[];
  /** Each as often as its share. */
  readonly asking: Caller[];
  /** Names and ids that no request may destroy. */
  readonly kept: string[];
  /** Predicts in the project beside. */
  readonly steadyKey: string;
  readonly #api: ServedApp;

  private constructor(api: ServedApp, callers: Caller[], kept: string[], steadyKey: string) {
    this.#api = api;
    this.callers = callers;
    this.asking = callers.flatMap((caller) => Array<Caller>(caller.share).fill(caller));
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
    const [start] = cases['run.enqueue'] as Case[];
    for (const one of [cases['release.bring'], start, cases['channel.create']] as Case[])
      await world.ask(await one.http!(world));
    await createUser(world.store, { name: user, password, role: 'approver' }, tester);
    const { project } = world;
    const keyOf = async (scope: Scope, of: string, share = 1): Promise<Caller> => ({
      name: `${scope} key of ${of}`,
      project: of,
      permissions: scopePermissions[scope],
      isServerAdmin: scope === 'admin' && of === 'default',
      headers: { 'x-api-key': await api.makeKey(scope, null, of) },
      share,
    });
    const nobody = { name: 'nobody', project, permissions: [], isServerAdmin: false, headers: {}, share: 1 };
    const wrongKey = `mk_${'0'.repeat(16)}_${'A'.repeat(43)}`;
    const callers = [
      await keyOf('admin', project, 6),
      await keyOf('operate', project, 3),
      await keyOf('predict', project),
      await keyOf('admin', 'elsewhere'),
      await keyOf('admin', 'default'),
      nobody,
      { ...nobody, name: 'a wrong key', headers: { 'x-api-key': wrongKey } },
      { ...nobody, name: 'session', permissions: rolePermissions.approver, share: 2 },
    ];
    const own = (await store.access.listKeys()).filter(({ name }) => name.startsWith('test-'));
    const kept = [user, ...own.flatMap(({ id, name }) => [id, name])];
    const opened = new ApiWorld(api, callers, kept, await api.makeKey('predict', null, 'steady'));
    await opened.signIn();
    return opened;
  }

  /** Anew: a request may have ended the session. */
  async signIn(): Promise<void> {
    const person = this.callers.find(({ name }) => name === 'session')!;
    const { token } = await signIn(this.#api.served.store, { name: user, password }, tester, {
      codes: { attempt: () => {}, succeeded: () => {} },
    });
    person.headers = { authorization: `Bearer ${token}`, 'x-mitate-project': person.project };
  }
}
