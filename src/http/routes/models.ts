import { readFile } from 'node:fs/promises';
import {
  compareModelsInChildProcess,
  evaluationAnswers,
  tryModelInChildProcess,
} from '../../actions/datasets/in-child-process.ts';
import { promoteModel, rollbackModel, showModel } from '../../actions/endpoints/model.ts';
import { showEvaluation } from '../../actions/models/evaluation.ts';
import { listModels, listVersions } from '../../actions/models/models.ts';
import type { Principal } from '../../contracts/access.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import { MitateError } from '../../errors/index.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { pageOf } from '../page.ts';

export function modelHandlers({ service, config }: ApiContext): Handlers<RouteIn<'models'>> {
  return {
    'models.list': async ({ store, query }) => pageOf(await listModels(store), query, ({ name }) => name),
    'models.get': async ({ store, params }) => {
      const details = await showModel(store, params.reference);
      // the files of a version may have been garbage-collected
      return { ...details, card: await readFile(details.card, 'utf8').catch(() => '') };
    },
    'models.versions': async ({ store, params, query }) =>
      pageOf(await listVersions(store, params.name), query, ({ version }) => String(version)),
    'models.compare': async ({ store, query: { models, photos, limit, cursor } }) => {
      const [first = '', second = ''] = models.split(',');
      const after = cursor === undefined ? 0 : Number(cursor);
      if (!Number.isSafeInteger(after) || after < 0)
        throw new MitateError('HTTP_CURSOR_INVALID', { cursor: String(cursor) });
      return await compareModelsInChildProcess(config, store, { models: [first, second], photos, limit, after });
    },
    'models.evaluation': async ({ store, params }) => await showEvaluation(store, params.reference),
    'models.answers': async ({ store, params }) => ({
      bytes: await evaluationAnswers(config, store, params.reference),
      type: 'application/octet-stream',
      headers: { 'cache-control': 'private, no-cache' },
    }),
    'models.predict': async ({ store, params, body, principal }) =>
      await tryModelInChildProcess(config, store, {
        ...params,
        ...body,
        explain: false,
        mayLabel: mayLabel(principal),
      }),
    'models.explain': async ({ store, params, body, principal }) =>
      await tryModelInChildProcess(config, store, { ...params, ...body, explain: true, mayLabel: mayLabel(principal) }),
    'models.promote': async ({ store, params, body: { version, force, why }, actor }) => {
      const work = { store, gate: service, actor, why };
      const champion = await promoteModel(work, `${params.name}@${version}`, { force });
      await service.refresh();
      return champion;
    },
    'models.rollback': async ({ store, params, body: { why }, actor }) => {
      const champion = await rollbackModel({ store, gate: service, actor, why }, params.name);
      await service.refresh();
      return champion;
    },
  };
}

const mayLabel = ({ permissions }: Principal) => permissions.has('label');
