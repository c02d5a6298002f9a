import { z } from 'zod';
import { endpointEventSchema, endpointSchema } from '../../endpoint.ts';
import {
  createEndpointSchema,
  deploySchema,
  promoteSchema,
  rollbackSchema,
  setEndpointSchema,
  trafficSchema,
  undeploySchema,
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

export const endpointRoutes = {
  'endpoints.list': {
    summary: 'List endpoints with their deployments',
    needs: ['read'],
    query: pageQuerySchema,
    answer: pageSchema(endpointSchema),
  },
  'endpoints.create': {
    summary: 'Create an endpoint',
    needs: ['operate'],
    body: createEndpointSchema,
    status: 201,
    answer,
    errors: ['ENDPOINT_EXISTS', 'ENDPOINT_SETTING_INVALID'],
  },
  'endpoints.get': {
    summary: 'Get an endpoint with its deployments',
    needs: ['read'],
    params,
    answer,
    errors: ['ENDPOINT_UNKNOWN'],
  },
  'endpoints.set': {
    summary: 'Change settings; null resets one to its default',
    needs: ['operate'],
    params,
    body: setEndpointSchema,
    answer,
    errors: ['ENDPOINT_UNKNOWN', 'ENDPOINT_SETTING_INVALID'],
  },
  'endpoints.remove': {
    summary: 'Delete an endpoint that serves nothing',
    needs: ['operate'],
    params,
    query: rollbackSchema,
    status: 204,
    answer: z.null(),
    errors: ['ENDPOINT_UNKNOWN', 'ENDPOINT_SERVES'],
  },
  'endpoints.timeline': {
    summary: 'List changes of an endpoint with author and reason, newest first',
    needs: ['read'],
    params,
    query: pageQuerySchema,
    answer: pageSchema(endpointEventSchema),
  },
  'endpoints.deploy': {
    summary: 'Deploy a version, or change its role or traffic share',
    needs: ['operate'],
    params,
    body: deploySchema,
    answer,
    errors: [...planErrors, 'MODEL_PROMOTION_UNBLESSED'],
  },
  'endpoints.undeploy': {
    summary: 'Undeploy a version; its traffic returns to the stable one',
    needs: ['operate'],
    params,
    body: undeploySchema,
    answer,
    errors: [...planErrors, 'DEPLOYMENT_UNKNOWN'],
  },
  'endpoints.traffic': {
    summary: 'Set traffic shares in whole percent',
    needs: ['operate'],
    params,
    body: trafficSchema,
    answer,
    errors: [...planErrors, 'DEPLOYMENT_UNKNOWN'],
  },
  'endpoints.promote': {
    summary: 'Make a version the stable one and the champion of its model',
    needs: ['operate', 'approve'],
    params,
    body: promoteSchema,
    answer,
    errors: [...planErrors, 'MODEL_NO_CHALLENGER', 'MODEL_PROMOTION_UNBLESSED'],
  },
  'endpoints.rollback': {
    summary: 'Undo the latest change of deployments',
    needs: ['operate', 'approve'],
    params,
    body: rollbackSchema,
    answer,
    errors: [...planErrors, 'ENDPOINT_NOTHING_EARLIER'],
  },
} satisfies Routes<RouteIn<'endpoints'>>;
