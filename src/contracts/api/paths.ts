/**
 * Every route of the management and photo API, once: the server, the OpenAPI document and the client read it here. No schemas, so that browsers
 * load nothing else. A value of a path parameter has no colon: what follows one is a verb.
 */
export const paths = {
  'photos.predict': 'POST /api/v1/endpoints/{name}:predict',
  'photos.explain': 'POST /api/v1/endpoints/{name}:explain',

  'runs.list': 'GET /api/v1/runs',
  'runs.start': 'POST /api/v1/runs',
  'runs.get': 'GET /api/v1/runs/{id}',
  'runs.cancel': 'POST /api/v1/runs/{id}:cancel',
  'runs.queue.list': 'GET /api/v1/runs/queue',
  'runs.queue.get': 'GET /api/v1/runs/queue/{id}',
  'runs.queue.remove': 'DELETE /api/v1/runs/queue/{id}',
  'artifacts.list': 'GET /api/v1/artifacts',
  'artifacts.get': 'GET /api/v1/artifacts/{id}',
  'lineage.get': 'GET /api/v1/lineage',
  'queue.list': 'GET /api/v1/queue',
  'queue.get': 'GET /api/v1/queue/{id}',
  'queue.remove': 'DELETE /api/v1/queue/{id}',

  'models.list': 'GET /api/v1/models',
  'models.get': 'GET /api/v1/models/{reference}',
  'models.versions': 'GET /api/v1/models/{name}/versions',
  'models.promote': 'POST /api/v1/models/{name}:promote',
  'models.rollback': 'POST /api/v1/models/{name}:rollback',

  'endpoints.list': 'GET /api/v1/endpoints',
  'endpoints.create': 'POST /api/v1/endpoints',
  'endpoints.get': 'GET /api/v1/endpoints/{name}',
  'endpoints.set': 'PATCH /api/v1/endpoints/{name}',
  'endpoints.remove': 'DELETE /api/v1/endpoints/{name}',
  'endpoints.timeline': 'GET /api/v1/endpoints/{name}/timeline',
  'endpoints.deploy': 'POST /api/v1/endpoints/{name}:deploy',
  'endpoints.undeploy': 'POST /api/v1/endpoints/{name}:undeploy',
  'endpoints.traffic': 'POST /api/v1/endpoints/{name}:traffic',
  'endpoints.promote': 'POST /api/v1/endpoints/{name}:promote',
  'endpoints.rollback': 'POST /api/v1/endpoints/{name}:rollback',

  'promotions.list': 'GET /api/v1/promotions',
  'promotions.start': 'POST /api/v1/promotions',
  'promotions.get': 'GET /api/v1/promotions/{id}',
  'promotions.disagreements': 'GET /api/v1/promotions/{id}/disagreements',
  'promotions.grid': 'GET /api/v1/promotions/{id}/disagreements.png',
  'promotions.approve': 'POST /api/v1/promotions/{id}:approve',
  'promotions.refuse': 'POST /api/v1/promotions/{id}:refuse',
  'promotions.abort': 'POST /api/v1/promotions/{id}:abort',

  'requests.list': 'GET /api/v1/requests',
  'requests.get': 'GET /api/v1/requests/{id}',
  'requests.photo': 'GET /api/v1/requests/{id}/photo',

  'feedback.list': 'GET /api/v1/feedback',
  'feedback.add': 'POST /api/v1/feedback',
  'feedback.delay': 'GET /api/v1/feedback/delay',
  'feedback.import': 'POST /api/v1/feedback/import',
  'feedback.link': 'POST /api/v1/feedback/links',
  'feedback.unlink': 'POST /api/v1/feedback/links:revoke',

  'review.list': 'GET /api/v1/review',
  'review.next': 'POST /api/v1/review/next',
  'review.label': 'POST /api/v1/review/{id}/label',
  'review.skip': 'POST /api/v1/review/{id}/skip',
  'review.fill': 'POST /api/v1/review/fill',

  'flywheel.spans': 'GET /api/v1/flywheel/spans',
  'flywheel.export': 'POST /api/v1/flywheel/spans',
  'golden.list': 'GET /api/v1/golden',
  'golden.add': 'POST /api/v1/golden',
  'golden.remove': 'DELETE /api/v1/golden/{set}',
  'golden.photos': 'GET /api/v1/golden/{set}/photos',
  'golden.removePhoto': 'DELETE /api/v1/golden/{set}/photos/{sha256}',

  'monitors.list': 'GET /api/v1/monitors',
  'monitors.create': 'POST /api/v1/monitors',
  'monitors.createDefaults': 'POST /api/v1/monitors:defaults',
  'monitors.get': 'GET /api/v1/monitors/{name}',
  'monitors.set': 'PATCH /api/v1/monitors/{name}',
  'monitors.remove': 'DELETE /api/v1/monitors/{name}',
  'monitors.results': 'GET /api/v1/monitors/{name}/results',
  'monitors.run': 'POST /api/v1/monitors/{name}:run',

  'alerts.list': 'GET /api/v1/alerts',
  'alerts.get': 'GET /api/v1/alerts/{alert}',
  'alerts.photos': 'GET /api/v1/alerts/{alert}/photos',
  'alerts.grid': 'GET /api/v1/alerts/{alert}/photos.png',
  'alerts.ack': 'POST /api/v1/alerts/{alert}:ack',
  'alerts.resolve': 'POST /api/v1/alerts/{alert}:resolve',
  'alerts.silence': 'POST /api/v1/alerts/{alert}:silence',
  'channels.list': 'GET /api/v1/channels',
  'channels.create': 'POST /api/v1/channels',
  'channels.remove': 'DELETE /api/v1/channels/{name}',
  'channels.test': 'POST /api/v1/channels/{name}:test',
  'channels.dead': 'GET /api/v1/channels/{name}/dead',
  'channels.retry': 'POST /api/v1/channels/{name}:retry',

  'triggers.list': 'GET /api/v1/triggers',
  'triggers.create': 'POST /api/v1/triggers',
  'triggers.get': 'GET /api/v1/triggers/{name}',
  'triggers.remove': 'DELETE /api/v1/triggers/{name}',
  'triggers.firings': 'GET /api/v1/triggers/{name}/firings',
  'triggers.dryRun': 'GET /api/v1/triggers/{name}/dry-run',
  'triggers.enable': 'POST /api/v1/triggers/{name}:enable',
  'triggers.disable': 'POST /api/v1/triggers/{name}:disable',
  'triggers.run': 'POST /api/v1/triggers/{name}:run',
  'triggers.notify': 'POST /api/v1/triggers/{name}:notify',

  'releases.list': 'GET /api/v1/releases',
  'releases.deploy': 'POST /api/v1/releases',
  'releases.get': 'GET /api/v1/releases/{id}',
  'releases.webhook': 'POST /api/v1/webhooks/releases',

  'keys.list': 'GET /api/v1/keys',
  'keys.create': 'POST /api/v1/keys',
  'keys.revoke': 'DELETE /api/v1/keys/{id}',
  'keys.rotate': 'POST /api/v1/keys/{id}:rotate',
  'users.list': 'GET /api/v1/users',
  'users.create': 'POST /api/v1/users',
  'users.change': 'PATCH /api/v1/users/{name}',
  'users.setRole': 'PUT /api/v1/users/{name}/role',
  'sessions.signIn': 'POST /api/v1/sessions',
  'sessions.signOut': 'DELETE /api/v1/sessions/current',
  'me.get': 'GET /api/v1/me',
  'projects.list': 'GET /api/v1/projects',
  'projects.create': 'POST /api/v1/projects',
  'audit.list': 'GET /api/v1/audit',

  'reports.html': 'GET /api/v1/report',
  'reports.maturity': 'GET /api/v1/maturity',
} as const;

export type RouteId = keyof typeof paths;

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** Names in braces of a route's path. */
export type PathNames<I extends RouteId> = NamesIn<(typeof paths)[I]>;
