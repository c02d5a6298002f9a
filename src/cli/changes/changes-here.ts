import { userInfo } from 'node:os';
import {
  createEndpoint,
  deploy,
  promote,
  removeEndpoint,
  rollback,
  setEndpoint,
  setTraffic,
  undeploy,
} from '../../actions/endpoints/endpoint.ts';
import { promoteModel, rollbackModel } from '../../actions/endpoints/model.ts';
import { endpointSchema } from '../../contracts/endpoint.ts';
import { modelVersionSchema } from '../../contracts/model.ts';
import { bootGate } from '../../serving/deployments/boot-gate.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { Changes } from './changes.ts';

/** Without a server: each version is booted in a fresh process before it gets traffic. */
export function changesHere(store: OpenStore): Changes {
  const who = `local:${userInfo().username}`;
  const work = (why = 'by hand') => ({ store, gate: bootGate(store), change: { who, why } });
  const audited = async <T>(action: string, subject: string, details: object, change: () => Promise<T>): Promise<T> => {
    const changed = await change();
    await store.access.audit({
      project: store.project,
      who,
      action,
      subject,
      details: { ...details },
      requestId: null,
    });
    return changed;
  };
  const endpoint = (verb: string, name: string, body: object, change: () => ReturnType<typeof setEndpoint>) =>
    audited(`endpoint.${verb}`, name, body, async () => endpointSchema.parse(await change()));
  const model = (verb: string, name: string, body: object, change: () => ReturnType<typeof promoteModel>) =>
    audited(`model.${verb}`, name, body, async () => modelVersionSchema.parse(await change()));
  return {
    endpoints: {
      create: (body) => endpoint('create', body.name, body, () => createEndpoint(work(body.why), body.name, body)),
      set: (name, body) => endpoint('set', name, body, () => setEndpoint(work(body.why), name, body.settings)),
      deploy: (name, body) => endpoint('deploy', name, body, () => deploy(work(body.why), name, body)),
      undeploy: (name, body) => endpoint('undeploy', name, body, () => undeploy(work(body.why), name, body.model)),
      traffic: (name, body) => endpoint('traffic', name, body, () => setTraffic(work(body.why), name, body.traffic)),
      promote: (name, body = {}) => endpoint('promote', name, body, () => promote(work(body.why), name, body)),
      rollback: (name, body = {}) => endpoint('rollback', name, body, () => rollback(work(body.why), name)),
      remove: (name, query = {}) =>
        audited('endpoint.delete', name, query, () => removeEndpoint(work(query.why), name)),
    },
    models: {
      promote: (name, body = {}) => {
        const { version = 'challenger', force = false, why } = body;
        return model('promote', name, body, () => promoteModel(work(why), `${name}@${version}`, { force }));
      },
      rollback: (name, body = {}) => model('rollback', name, body, () => rollbackModel(work(body.why), name)),
    },
  };
}
