import { z } from 'zod';
import { firingSchema, storedTriggerSchema } from '../../loop/trigger.ts';
import { okSchema, pageQuerySchema, pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';
import {
  createTriggerSchema,
  dryRunQuerySchema,
  dryRunSchema,
  firingsQuerySchema,
  notifyTriggerSchema,
  runTriggerSchema,
  triggerDetailsSchema,
} from '../triggers.ts';

const params = z.object({ name: z.string().max(64) });

export const triggerRoutes = {
  'triggers.list': {
    summary: 'List triggers with their latest firings',
    description:
      'A trigger starts a pipeline run on a schedule, on new photos, drift, low accuracy, a release, or on demand.',
    needs: ['read'],
    query: pageQuerySchema,
    answer: pageSchema(triggerDetailsSchema),
  },
  'triggers.create': {
    summary: 'Create a trigger',
    description: 'Exactly one event in `when`. Cool-down and daily budget limit how often it starts a run.',
    needs: ['operate'],
    body: createTriggerSchema,
    status: 201,
    answer: storedTriggerSchema,
    errors: [
      'TRIGGER_INVALID',
      'TRIGGER_EXISTS',
      'TRIGGER_FOLDER_MISSING',
      'ENDPOINT_UNKNOWN',
      'RUN_PIPELINE_UNKNOWN',
      'RUN_PIPELINE_OUTSIDE',
      'PLACE_OUTSIDE',
      'TRIGGER_PROCESS_DIED',
    ],
  },
  'triggers.get': {
    summary: 'Get a trigger with its latest firings',
    description: 'Its definition, state, problems and last firings.',
    needs: ['read'],
    params,
    answer: triggerDetailsSchema,
    errors: ['TRIGGER_UNKNOWN'],
  },
  'triggers.remove': {
    summary: 'Remove a trigger; its runs stay on record',
    description: 'Runs that it started continue.',
    needs: ['operate'],
    params,
    answer: okSchema,
    errors: ['TRIGGER_UNKNOWN'],
  },
  'triggers.firings': {
    summary: 'List firings of a trigger, those held back included, newest first',
    description: 'Each with the event, the evidence, the run that it started, or why it was held back.',
    needs: ['read'],
    params,
    query: firingsQuerySchema,
    answer: pageSchema(firingSchema),
  },
  'triggers.dryRun': {
    summary: 'Show when the trigger would have fired; nothing is started',
    description: 'For a period in the past, from the log and the current definition.',
    needs: ['read'],
    params,
    query: dryRunQuerySchema,
    answer: dryRunSchema,
    errors: ['TRIGGER_UNKNOWN', 'TRIGGER_FOLDER_MISSING', 'TRIGGER_PROCESS_DIED'],
  },
  'triggers.enable': {
    summary: 'Enable a trigger; events from before are ignored',
    description: 'It fires on events from now on.',
    needs: ['operate'],
    params,
    answer: storedTriggerSchema,
    errors: ['TRIGGER_UNKNOWN', 'TRIGGER_FOLDER_MISSING', 'TRIGGER_FOLDER_UNREADABLE', 'TRIGGER_PROCESS_DIED'],
  },
  'triggers.disable': {
    summary: 'Disable a trigger',
    description: 'Events in the meantime are lost.',
    needs: ['operate'],
    params,
    answer: storedTriggerSchema,
    errors: ['TRIGGER_UNKNOWN'],
  },
  'triggers.run': {
    summary: 'Start the run of a trigger now, regardless of its limits',
    description: '`key` makes the call idempotent.',
    needs: ['operate'],
    params,
    body: runTriggerSchema,
    status: 202,
    answer: firingSchema,
    errors: ['TRIGGER_UNKNOWN', 'TRIGGER_OFF', 'TRIGGER_NO_RELEASE'],
  },
  'triggers.notify': {
    summary: 'Report new photos; whether a run starts is decided within a minute',
    description: 'For triggers on new data that watch no folder. `key` makes the call idempotent.',
    needs: ['operate'],
    params,
    body: notifyTriggerSchema,
    status: 202,
    answer: z.object({ noted: z.boolean().describe('False: already reported with this key') }),
    errors: ['TRIGGER_UNKNOWN', 'TRIGGER_OFF', 'TRIGGER_TAKES_NO_CALLS'],
  },
} satisfies Routes<RouteIn<'triggers'>>;
