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
import type { Client } from '../../client/index.ts';
import { endpointSchema } from '../../contracts/endpoint.ts';
import { modelVersionSchema } from '../../contracts/model.ts';
import { bootGate } from '../../serving/deployments/boot-gate.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { actor } from '../actor.ts';

/** Changes to deployments and traffic. */
export interface Changes {
  endpoints: Omit<
    Client['endpoints'],
    'list' | 'get' | 'timeline' | 'series' | 'state' | 'capture' | 'offline' | 'offlineFile' | 'feedback'
  >;
  models: Pick<Client['models'], 'promote' | 'rollback'>;
}

/** Without a server: each version boots in a fresh process before it gets traffic. */
export function changesHere(store: OpenStore): Changes {
  const work = (why = 'by hand') => ({ store, gate: bootGate(store), actor: actor(), why });
  const endpoint = async (changed: ReturnType<typeof setEndpoint>) => endpointSchema.parse(await changed);
  const model = async (changed: ReturnType<typeof promoteModel>) => modelVersionSchema.parse(await changed);
  return {
    endpoints: {
      create: (body) => endpoint(createEndpoint(work(body.why), body.name, body)),
      set: (name, body) => endpoint(setEndpoint(work(body.why), name, body.settings)),
      deploy: (name, { why, ...wanted }) => endpoint(deploy(work(why), name, wanted)),
      undeploy: (name, body) => endpoint(undeploy(work(body.why), name, body.model)),
      traffic: (name, body) => endpoint(setTraffic(work(body.why), name, body.traffic)),
      promote: (name, body = {}) => endpoint(promote(work(body.why), name, body)),
      rollback: (name, body = {}) => endpoint(rollback(work(body.why), name)),
      remove: (name, query = {}) => removeEndpoint(work(query.why), name),
    },
    models: {
      promote: (name, body = {}) => {
        const { version = 'challenger', force = false, why } = body;
        return model(promoteModel(work(why), `${name}@${version}`, { force }));
      },
      rollback: (name, body = {}) => model(rollbackModel(work(body.why), name)),
    },
  };
}
