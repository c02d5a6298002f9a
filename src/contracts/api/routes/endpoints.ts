import { z } from 'zod';
import { endpointEventSchema, endpointSchema } from '../../endpoint.ts';
import {
  captureSchema,
  createEndpointSchema,
  deploySchema,
  endpointStateSchema,
  offlineModelSchema,
  promoteSchema,
  rollbackSchema,
  seriesQuerySchema,
  seriesSchema,
  setEndpointSchema,
  stateQuerySchema,
  trafficSchema,
  undeploySchema,
  visitorFeedbackSchema,
} from '../endpoints.ts';
import { pageQuerySchema, pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';

const params = z.object({ name: z.string().max(64) });
const answer = endpointSchema;
const planErrors = [
  'ENDPOINT_UNKNOWN',
  'ENDPOINT_CHANGED',
  'MODEL_NOT_FOUND',
  'TRAFFIC_INVALID',
  'DEPLOYMENT_NOT_READY',
] as const;

const offlineErrors = [
  'ACCESS_KEY_MISSING',
  'ACCESS_DENIED',
  'ENDPOINT_UNKNOWN',
  'ENDPOINT_NOT_READY',
  'ENDPOINT_NOT_OFFLINE',
  'MODEL_FILE_MISSING',
  'MODEL_REFERENCE_INVALID',
] as const;

export const endpointRoutes = {
  'endpoints.list': {
    summary: 'List endpoints with their deployments',
    description: 'An endpoint is the name that clients send photos to; its deployments answer.',
    needs: ['read'],
    query: pageQuerySchema,
    answer: pageSchema(endpointSchema),
  },
  'endpoints.create': {
    summary: 'Create an endpoint',
    description: 'It answers once a model version is deployed to it. Settings that are absent have their defaults.',
    needs: ['operate'],
    body: createEndpointSchema,
    status: 201,
    answer,
    errors: ['ENDPOINT_EXISTS', 'ENDPOINT_SETTING_INVALID'],
  },
  'endpoints.get': {
    summary: 'Get an endpoint with its deployments',
    description: 'Settings, and the active deployments with their role and traffic.',
    needs: ['read'],
    params,
    answer,
    errors: ['ENDPOINT_UNKNOWN'],
  },
  'endpoints.set': {
    summary: 'Change settings; null resets one to its default',
    description: 'Settings that are absent stay as they are. The next prediction uses the new ones.',
    needs: ['operate'],
    params,
    body: setEndpointSchema,
    answer,
    errors: ['ENDPOINT_UNKNOWN', 'ENDPOINT_CHANGED', 'ENDPOINT_SETTING_INVALID'],
  },
  'endpoints.remove': {
    summary: 'Delete an endpoint that serves nothing',
    description: 'Its logged predictions stay in the log.',
    needs: ['operate'],
    params,
    query: rollbackSchema,
    status: 204,
    answer: z.null(),
    errors: ['ENDPOINT_UNKNOWN', 'ENDPOINT_SERVES'],
  },
  'endpoints.timeline': {
    summary: 'List changes of an endpoint with author and reason, newest first',
    description: 'Deployments, traffic, promotions, rollbacks and settings, with the state before and after.',
    needs: ['read'],
    params,
    query: pageQuerySchema,
    answer: pageSchema(endpointEventSchema),
  },
  'endpoints.series': {
    summary: 'Get traffic, errors, latency and answers over time, by version',
    description:
      'From hourly counts, which are kept after the predictions left the log. Shadows are listed by version and are in no total.',
    needs: ['read'],
    params,
    query: seriesQuerySchema,
    answer: seriesSchema,
    errors: ['ENDPOINT_UNKNOWN'],
  },
  'endpoints.state': {
    summary: 'Get what an endpoint was made of at a time',
    description: 'Its deployments with their traffic, its settings, and the change that led to them.',
    needs: ['read'],
    params,
    query: stateQuerySchema,
    answer: endpointStateSchema,
    errors: ['ENDPOINT_UNKNOWN'],
  },
  'endpoints.capture': {
    summary: 'Get what a page needs that takes photos for the endpoint',
    description:
      'Answers of the model, the band in which it does not decide, and what a photo must have. Of a public endpoint for everyone, else for who may predict.',
    isOpen: true,
    params,
    limitPerMinute: 600,
    answer: captureSchema,
    errors: ['ACCESS_KEY_MISSING', 'ACCESS_DENIED', 'ENDPOINT_UNKNOWN', 'ENDPOINT_NOT_READY'],
  },
  'endpoints.offline': {
    summary: 'Get what a device needs to answer as the endpoint does, without a connection',
    description:
      'Of the stable version: labels, preprocessing, thresholds, and the digests of its files. For who may predict, when the endpoint allows it (setting `offline`).',
    isOpen: true,
    params,
    limitPerMinute: 120,
    answer: offlineModelSchema,
    errors: offlineErrors,
  },
  'endpoints.offlineFile': {
    summary: 'Get a file that `endpoints.offline` names',
    description: 'The bytes that the server loads.',
    isOpen: true,
    params: params.extend({ sha256: z.string().max(64) }),
    limitPerMinute: 60,
    answer: ['application/octet-stream'],
    errors: [...offlineErrors, 'ENDPOINT_FILE_UNKNOWN', 'MODEL_DIGEST_MISMATCH'],
  },
  'endpoints.feedback': {
    summary: 'Say whether an answer of the endpoint was right, or what the photo shows',
    description:
      'For visitors of a public endpoint, who have no key, and whoever may predict. The id of a prediction is known to whoever asked for it. The source is `widget`.',
    isOpen: true,
    params,
    body: visitorFeedbackSchema,
    limitPerMinute: 120,
    status: 201,
    answer: z.object({ repeated: z.boolean().describe('The same was said before under the same key') }),
    errors: [
      'ACCESS_KEY_MISSING',
      'ACCESS_DENIED',
      'FEEDBACK_REQUEST_UNKNOWN',
      'FEEDBACK_LABEL_UNKNOWN',
      'FEEDBACK_VERDICT_UNCLEAR',
      'FEEDBACK_KEY_REUSED',
      'FEEDBACK_TOO_MUCH',
    ],
  },
  'endpoints.deploy': {
    summary: 'Deploy a version, or change its role or traffic share',
    description:
      'The version is loaded and must reproduce its warm-up predictions before anything changes. The first deployment is stable, later ones are canaries unless `role` says otherwise.',
    needs: ['operate'],
    params,
    body: deploySchema,
    answer,
    errors: [...planErrors, 'MODEL_PROMOTION_UNBLESSED'],
  },
  'endpoints.undeploy': {
    summary: 'Undeploy a version; its traffic returns to the stable one',
    description: 'With `model` null, all versions: the endpoint stops answering.',
    needs: ['operate'],
    params,
    body: undeploySchema,
    answer,
    errors: [...planErrors, 'DEPLOYMENT_UNKNOWN'],
  },
  'endpoints.traffic': {
    summary: 'Set traffic shares in whole percent',
    description:
      'Versions that are absent keep their share; the stable version gets the rest. Shares of shadows are shares of the mirrored traffic.',
    needs: ['operate'],
    params,
    body: trafficSchema,
    answer,
    errors: [...planErrors, 'DEPLOYMENT_UNKNOWN'],
  },
  'endpoints.promote': {
    summary: 'Make a version the stable one and the champion of its model',
    description: 'Without a model: the canary, else the challenger. The version is loaded and checked first.',
    needs: ['operate', 'approve'],
    params,
    body: promoteSchema,
    answer,
    errors: [...planErrors, 'MODEL_NOT_NAMED', 'MODEL_NO_CHALLENGER', 'MODEL_PROMOTION_UNBLESSED'],
  },
  'endpoints.rollback': {
    summary: 'Undo the latest change of deployments',
    description: 'Returns to the deployments before the latest change, after loading and checking them.',
    needs: ['operate', 'approve'],
    params,
    body: rollbackSchema,
    answer,
    errors: [...planErrors, 'ENDPOINT_NOTHING_EARLIER'],
  },
} satisfies Routes<RouteIn<'endpoints'>>;
