import type { Role } from '../contracts/access.ts';
import type { FeedbackItem } from '../contracts/api/feedback.ts';
import type { BodyOf, QueryOf } from '../contracts/api/routes.ts';
import type { Transport } from './transport.ts';

export type Resources = ReturnType<typeof resources>;

/** Everything but photos, one member per resource. Lists come in pages; `everyPage` iterates over them. */
export function resources({ ask, file }: Transport) {
  return {
    me: () => ask('me.get', {}),
    preferences: {
      get: () => ask('me.preferences', {}),
      set: (json: BodyOf<'me.setPreferences'>) => ask('me.setPreferences', {}, { json }),
    },
    runs: {
      list: (query?: QueryOf<'runs.list'>) => ask('runs.list', {}, { query }),
      get: (id: string) => ask('runs.get', { id }),
      /** Ids, or model versions (`leaf@3`); the others are compared with the first. */
      compare: (...runs: string[]) => ask('runs.compare', {}, { query: { runs: runs.join(',') } }),
      /** Its experiment and its note. */
      describe: (id: string, json: BodyOf<'runs.describe'>) => ask('runs.describe', { id }, { json }),
      cancel: (id: string) => ask('runs.cancel', { id }),
      /** With the same file, parameters and seed; what finished comes from the cache. */
      retry: (id: string) => ask('runs.retry', { id }),
      /** Steps, those that wait too: progress, why, cost, and what flows between them. */
      graph: (id: string) => ask('runs.graph', { id }),
      /** At most 500 lines of a step. */
      log: (id: string, step: string, query?: QueryOf<'runs.log'>) => ask('runs.log', { id, step }, { query }),
      /** A worker starts it under the id in the response. */
      start: (json: BodyOf<'runs.start'>) => ask('runs.start', {}, { json }),
      /** Runs that no worker has started yet. */
      queue: {
        list: () => ask('runs.queue.list', {}),
        get: (id: string) => ask('runs.queue.get', { id }),
        remove: (id: string) => ask('runs.queue.remove', { id }),
      },
      /** @deprecated Use `runs.queue.list`; until 0.3. */
      waiting: () => ask('runs.queue.list', {}),
      /** @deprecated Use `runs.queue.get`; until 0.3. */
      order: (id: string) => ask('runs.queue.get', { id }),
      /** @deprecated Use `runs.queue.remove`; until 0.3. */
      dequeue: (id: string) => ask('runs.queue.remove', { id }),
    },
    pipelines: {
      list: () => ask('pipelines.list', {}),
      /** Parameters and steps, by its name or its file in the pipelines folder. */
      graph: (pipeline: string) => ask('pipelines.graph', { pipeline }),
    },
    models: {
      list: (query?: QueryOf<'models.list'>) => ask('models.list', {}, { query }),
      /** `leaf-health`, `leaf-health@3`, `leaf-health@champion`. */
      get: (reference: string) => ask('models.get', { reference }),
      versions: (name: string, query?: QueryOf<'models.versions'>) => ask('models.versions', { name }, { query }),
      evaluation: (reference: string) => ask('models.evaluation', { reference }),
      /** To every photo of its test split: `readAnswers` reads the bytes. */
      answers: async (reference: string) => (await file('models.answers', { reference })).arrayBuffer(),
      /** Two versions, photo by photo. */
      compare: (query: QueryOf<'models.compare'>) => ask('models.compare', {}, { query }),
      /** On a stored photo; it is no traffic. */
      predict: (reference: string, sha256: string) => ask('models.predict', { reference }, { json: { sha256 } }),
      explain: (reference: string, sha256: string) => ask('models.explain', { reference }, { json: { sha256 } }),
      /** The endpoints that serve the model follow. */
      promote: (name: string, json?: BodyOf<'models.promote'>) => ask('models.promote', { name }, { json }),
      rollback: (name: string, json?: BodyOf<'models.rollback'>) => ask('models.rollback', { name }, { json }),
    },
    /** Data sets and their photos. */
    data: {
      list: (query?: QueryOf<'data.list'>) => ask('data.list', {}, { query }),
      get: (examples: string) => ask('data.get', { examples }),
      /** Ten bytes a photo: `readPhotoIndex` reads it. */
      index: async (examples: string) => await (await file('data.index', { examples })).arrayBuffer(),
      photos: (examples: string, query?: QueryOf<'data.photos'>) => ask('data.photos', { examples }, { query }),
      /** All suspicious labels, most suspicious first. */
      suspicious: (examples: string, query?: QueryOf<'data.suspicious'>) =>
        ask('data.suspicious', { examples }, { query }),
      statistics: (examples: string) => ask('data.statistics', { examples }),
      anomalies: (examples: string) => ask('data.anomalies', { examples }),
      /** Files that did not become photos. */
      rejected: (examples: string, query?: QueryOf<'data.rejected'>) => ask('data.rejected', { examples }, { query }),
      /** Positions and places of its photos, side by side where they look alike. */
      map: (examples: string, query?: QueryOf<'data.map'>) => ask('data.map', { examples }, { query }),
      /** Requests of an endpoint among them. */
      mapRequests: (examples: string, query: QueryOf<'data.mapRequests'>) =>
        ask('data.mapRequests', { examples }, { query }),
      photo: (sha256: string) => ask('data.photo', { sha256 }),
      /** JPEG. */
      image: (sha256: string, query?: QueryOf<'data.image'>) => file('data.image', { sha256 }, { query }),
      neighbours: (sha256: string, query: QueryOf<'data.neighbours'>) => ask('data.neighbours', { sha256 }, { query }),
    },
    /** Decisions about photos of data sets: append-only. */
    corrections: {
      list: (query?: QueryOf<'corrections.list'>) => ask('corrections.list', {}, { query }),
      add: async (json: BodyOf<'corrections.add'>) => (await ask('corrections.add', {}, { json })).added,
      revert: (id: string) => ask('corrections.revert', { id }),
      /** Into the file that the next run reads. */
      export: (json: BodyOf<'corrections.export'> = {}) => ask('corrections.export', {}, { json }),
    },
    /** Photos from a browser or a program, as a source for pipelines. */
    uploads: {
      list: (query?: QueryOf<'uploads.list'>) => ask('uploads.list', {}, { query }),
      get: (id: string) => ask('uploads.get', { id }),
      create: (json: BodyOf<'uploads.create'>) => ask('uploads.create', {}, { json }),
      photos: (id: string, query?: QueryOf<'uploads.photos'>) => ask('uploads.photos', { id }, { query }),
      /** A file as `<label>/<name>`. Sending it again changes nothing. */
      add: (id: string, path: string, body: Blob | Uint8Array<ArrayBuffer>, signal?: AbortSignal) =>
        ask(
          'uploads.add',
          { id },
          { query: { path }, body, signal, headers: { 'content-type': 'application/octet-stream' } },
        ),
      finish: (id: string) => ask('uploads.finish', { id }),
      remove: (id: string) => ask('uploads.remove', { id }),
    },
    /** Labels, and what people read instead of them. */
    labels: {
      list: (query?: QueryOf<'labels.list'>) => ask('labels.list', {}, { query }),
      /** By label; null removes a name, what is left out stays. */
      name: (names: BodyOf<'labels.name'>['names']) => ask('labels.name', {}, { json: { names } }),
    },
    datasets: {
      /** Names, `name@span` or artifact ids. */
      diff: (query: QueryOf<'datasets.diff'>) => ask('datasets.diff', {}, { query }),
    },
    flywheel: {
      spans: (query?: QueryOf<'flywheel.spans'>) => ask('flywheel.spans', {}, { query }),
      /** Labelled predictions as a new span, in a folder inside the data roots. */
      export: (json: BodyOf<'flywheel.export'>) => ask('flywheel.export', {}, { json }),
    },
    golden: {
      list: (query?: QueryOf<'golden.list'>) => ask('golden.list', {}, { query }),
      photos: (set: string, query?: QueryOf<'golden.photos'>) => ask('golden.photos', { set }, { query }),
      /** From labelled predictions; they are never used for training. */
      add: (json: BodyOf<'golden.add'>) => ask('golden.add', {}, { json }),
      remove: (set: string) => ask('golden.remove', { set }),
      removePhoto: (set: string, sha256: string) => ask('golden.removePhoto', { set, sha256 }),
    },
    endpoints: {
      list: (query?: QueryOf<'endpoints.list'>) => ask('endpoints.list', {}, { query }),
      get: (name: string) => ask('endpoints.get', { name }),
      /** For a page that takes photos; of a public endpoint without a key. */
      capture: (name: string) => ask('endpoints.capture', { name }),
      /** What a device needs to answer without a connection; of a public endpoint without a key. */
      offline: (name: string) => ask('endpoints.offline', { name }),
      offlineFile: (name: string, sha256: string) => file('endpoints.offlineFile', { name, sha256 }),
      feedback: (name: string, json: BodyOf<'endpoints.feedback'>) => ask('endpoints.feedback', { name }, { json }),
      timeline: (name: string, query?: QueryOf<'endpoints.timeline'>) => ask('endpoints.timeline', { name }, { query }),
      /** Traffic, errors, latency and answers over time. */
      series: (name: string, query?: QueryOf<'endpoints.series'>) => ask('endpoints.series', { name }, { query }),
      /** What it was made of at a time. */
      state: (name: string, query?: QueryOf<'endpoints.state'>) => ask('endpoints.state', { name }, { query }),
      create: (json: BodyOf<'endpoints.create'>) => ask('endpoints.create', {}, { json }),
      set: (name: string, json: BodyOf<'endpoints.set'>) => ask('endpoints.set', { name }, { json }),
      deploy: (name: string, json: BodyOf<'endpoints.deploy'>) => ask('endpoints.deploy', { name }, { json }),
      undeploy: (name: string, json: BodyOf<'endpoints.undeploy'>) => ask('endpoints.undeploy', { name }, { json }),
      traffic: (name: string, json: BodyOf<'endpoints.traffic'>) => ask('endpoints.traffic', { name }, { json }),
      promote: (name: string, json?: BodyOf<'endpoints.promote'>) => ask('endpoints.promote', { name }, { json }),
      rollback: (name: string, json?: BodyOf<'endpoints.rollback'>) => ask('endpoints.rollback', { name }, { json }),
      remove: (name: string, query?: QueryOf<'endpoints.remove'>) => ask('endpoints.remove', { name }, { query }),
    },
    promotions: {
      list: (query?: QueryOf<'promotions.list'>) => ask('promotions.list', {}, { query }),
      /** By id, or by endpoint name for the newest of that endpoint. */
      get: (id: string) => ask('promotions.get', { id }),
      disagreements: (id: string) => ask('promotions.disagreements', { id }),
      /** PNG. */
      grid: (id: string) => file('promotions.grid', { id }),
      start: (json: BodyOf<'promotions.start'>) => ask('promotions.start', {}, { json }),
      approve: (id: string, json?: BodyOf<'promotions.approve'>) => ask('promotions.approve', { id }, { json }),
      refuse: (id: string, json?: BodyOf<'promotions.refuse'>) => ask('promotions.refuse', { id }, { json }),
      abort: (id: string, json?: BodyOf<'promotions.abort'>) => ask('promotions.abort', { id }, { json }),
    },
    requests: {
      list: (query?: QueryOf<'requests.list'>) => ask('requests.list', {}, { query }),
      /** Up to 10,000. */
      count: (query?: QueryOf<'requests.count'>) => ask('requests.count', {}, { query }),
      get: (id: string) => ask('requests.get', { id }),
      /** The heat map of its kept photo, computed again. */
      explanation: (id: string) => ask('requests.explanation', { id }),
      /** Without metadata, if it was kept. */
      photo: (id: string) => file('requests.photo', { id }),
      /** Tables that the log refers to. */
      dimensions: () => ask('requests.dimensions', {}),
    },
    subjects: {
      /** What was predicted for a subject over time, and whether it gets worse. */
      get: (subject: string) => ask('subjects.get', { subject }),
    },
    feedback: {
      /** One entry or several, all or none. Repeating the same `idempotencyKey` and entries changes nothing. */
      add: (feedback: FeedbackItem | FeedbackItem[], options: Omit<BodyOf<'feedback.add'>, 'feedback'> = {}) =>
        ask('feedback.add', {}, { json: { ...options, feedback: [feedback].flat() } }),
      list: (query?: QueryOf<'feedback.list'>) => ask('feedback.list', {}, { query }),
      /** Time from prediction to label. */
      delay: (query?: QueryOf<'feedback.delay'>) => ask('feedback.delay', {}, { query }),
      /** What users did with the predictions of a period, per version and role. */
      behaviour: (query?: QueryOf<'feedback.behaviour'>) => ask('feedback.behaviour', {}, { query }),
      /** A CSV file; rows are independent, and importing the same file twice adds nothing. */
      import: (body: Blob) => ask('feedback.import', {}, { body, headers: { 'content-type': 'text/csv' } }),
      /** To a page that asks whether the prediction for one photo was right; it needs no key. */
      link: (json: BodyOf<'feedback.link'>) => ask('feedback.link', {}, { json }),
      /** One link, or all of a prediction or an endpoint. */
      unlink: (json: BodyOf<'feedback.unlink'>) => ask('feedback.unlink', {}, { json }),
    },
    /** Photos to label. */
    review: {
      list: (query?: QueryOf<'review.list'>) => ask('review.list', {}, { query }),
      /** Claimed for ten minutes; null = none is waiting. */
      next: async (endpoint?: string) => (await ask('review.next', {}, { json: { endpoint } })).item,
      /** As `next`, several at once: to load their photos early. */
      nextFew: async (count: number, endpoint?: string) =>
        (await ask('review.next', {}, { json: { endpoint, count } })).items,
      label: (id: string, json: BodyOf<'review.label'>) => ask('review.label', { id }, { json }),
      skip: (id: string) => ask('review.skip', { id }),
      /** Takes back your label, or a skip. */
      undo: (id: string) => ask('review.undo', { id }),
      /** Photos on which labellers disagree. */
      disputes: (query?: QueryOf<'review.disputes'>) => ask('review.disputes', {}, { query }),
      /** Counts before all labels. */
      adjudicate: (id: string, json: BodyOf<'review.adjudicate'>) => ask('review.adjudicate', { id }, { json }),
      agreement: (query?: QueryOf<'review.agreement'>) => ask('review.agreement', {}, { query }),
      /** How often each labeller is right. */
      labellers: (query?: QueryOf<'review.labellers'>) => ask('review.labellers', {}, { query }),
      /** Null = no new predictions since the last time. */
      fill: async (endpoint: string, budget?: number) =>
        (await ask('review.fill', {}, { json: { endpoint, budget } })).fill,
    },
    monitors: {
      list: (query?: QueryOf<'monitors.list'>) => ask('monitors.list', {}, { query }),
      get: (name: string) => ask('monitors.get', { name }),
      results: (name: string, query?: QueryOf<'monitors.results'>) => ask('monitors.results', { name }, { query }),
      create: (json: BodyOf<'monitors.create'>) => ask('monitors.create', {}, { json }),
      /** Those that an endpoint gets by default and that are missing. */
      createDefaults: (endpoint: string) => ask('monitors.createDefaults', {}, { json: { endpoint } }),
      /** On the window that ends now. */
      run: (name: string) => ask('monitors.run', { name }),
      set: (name: string, json: BodyOf<'monitors.set'>) => ask('monitors.set', { name }, { json }),
      remove: (name: string) => ask('monitors.remove', { name }),
    },
    artifacts: {
      list: (query?: QueryOf<'artifacts.list'>) => ask('artifacts.list', {}, { query }),
      get: (id: string) => ask('artifacts.get', { id }),
    },
    /** Of an artifact id, a model version, or the sha256 of a photo. */
    lineage: (of: string) => ask('lineage.get', {}, { query: { of } }),
    keys: {
      list: (query?: QueryOf<'keys.list'>) => ask('keys.list', {}, { query }),
      create: (json: BodyOf<'keys.create'>) => ask('keys.create', {}, { json }),
      revoke: (id: string) => ask('keys.revoke', { id }),
      /** A new key; the old one is accepted for the overlap. */
      rotate: (id: string, json: BodyOf<'keys.rotate'> = {}) => ask('keys.rotate', { id }, { json }),
    },
    users: {
      list: (query?: QueryOf<'users.list'>) => ask('users.list', {}, { query }),
      create: (json: BodyOf<'users.create'>) => ask('users.create', {}, { json }),
      change: (name: string, json: BodyOf<'users.change'>) => ask('users.change', { name }, { json }),
      /** In the project of the request; null removes the role. */
      setRole: (name: string, role: Role | null) => ask('users.setRole', { name }, { json: { role } }),
      /** For oneself; `confirmTotp` makes it count. */
      setUpTotp: (name: string) => ask('users.setUpTotp', { name }),
      confirmTotp: (name: string, code: string) => ask('users.confirmTotp', { name }, { json: { code } }),
      disableTotp: (name: string, code?: string) => ask('users.disableTotp', { name }, { json: { code } }),
      sessions: (name: string, query?: QueryOf<'users.sessions'>) => ask('users.sessions', { name }, { query }),
      /** All of them. */
      endSessions: (name: string) => ask('users.endSessions', { name }),
      endSession: (name: string, id: string) => ask('users.endSession', { name, id }),
    },
    sessions: {
      /** @param code of the second factor, of users who have one */
      signIn: (name: string, password: string, code?: string) =>
        ask('sessions.signIn', {}, { json: { name, password, code } }),
      /** A browser: the session is in a cookie. */
      signInWithKey: (key: string) => ask('sessions.signInWithKey', {}, { json: { key } }),
      /** @param token of the link that `mitate up` prints */
      signInByLink: (token: string) => ask('sessions.signInByLink', {}, { json: { token } }),
      options: () => ask('sessions.options', {}),
      signOut: () => ask('sessions.signOut', {}),
    },
    projects: {
      list: (query?: QueryOf<'projects.list'>) => ask('projects.list', {}, { query }),
      create: (json: BodyOf<'projects.create'>) => ask('projects.create', {}, { json }),
    },
    releases: {
      list: (query?: QueryOf<'releases.list'>) => ask('releases.list', {}, { query }),
      /** By its id, the beginning of it, or `latest`. */
      get: (id: string) => ask('releases.get', { id }),
      /** A worker starts its run. */
      deploy: (json: BodyOf<'releases.deploy'>) => ask('releases.deploy', {}, { json }),
      /** @deprecated Use `releases.deploy`; until 0.3. */
      bring: (json: BodyOf<'releases.deploy'>) => ask('releases.deploy', {}, { json }),
    },
    alerts: {
      list: (query?: QueryOf<'alerts.list'>) => ask('alerts.list', {}, { query }),
      /** By id, or by monitor name for its unresolved alert. */
      get: (alert: string) => ask('alerts.get', { alert }),
      ack: (alert: string, json?: BodyOf<'alerts.ack'>) => ask('alerts.ack', { alert }, { json }),
      resolve: (alert: string, json?: BodyOf<'alerts.resolve'>) => ask('alerts.resolve', { alert }, { json }),
      silence: (alert: string, json: BodyOf<'alerts.silence'>) => ask('alerts.silence', { alert }, { json }),
      /** The series, both distributions, and what else changed. */
      why: (alert: string) => ask('alerts.why', { alert }),
      photos: (alert: string) => ask('alerts.photos', { alert }),
      /** PNG. */
      grid: (alert: string) => file('alerts.grid', { alert }),
    },
    channels: {
      list: (query?: QueryOf<'channels.list'>) => ask('channels.list', {}, { query }),
      create: (json: BodyOf<'channels.create'>) => ask('channels.create', {}, { json }),
      remove: (name: string) => ask('channels.remove', { name }),
      test: (name: string) => ask('channels.test', { name }),
      dead: (name: string, query?: QueryOf<'channels.dead'>) => ask('channels.dead', { name }, { query }),
      retry: (name: string, json?: BodyOf<'channels.retry'>) => ask('channels.retry', { name }, { json }),
    },
    triggers: {
      /** With their latest firings. */
      list: (query?: QueryOf<'triggers.list'>) => ask('triggers.list', {}, { query }),
      get: (name: string) => ask('triggers.get', { name }),
      firings: (name: string, query?: QueryOf<'triggers.firings'>) => ask('triggers.firings', { name }, { query }),
      dryRun: (name: string, query?: QueryOf<'triggers.dryRun'>) => ask('triggers.dryRun', { name }, { query }),
      create: (json: BodyOf<'triggers.create'>) => ask('triggers.create', {}, { json }),
      /** Starts its run now, regardless of its limits. */
      run: (name: string, json?: BodyOf<'triggers.run'>) => ask('triggers.run', { name }, { json }),
      /** Reports new photos. */
      notify: (name: string, json: BodyOf<'triggers.notify'>) => ask('triggers.notify', { name }, { json }),
      enable: (name: string) => ask('triggers.enable', { name }),
      disable: (name: string) => ask('triggers.disable', { name }),
      remove: async (name: string) => void (await ask('triggers.remove', { name })),
    },
    /** The loop in numbers, what waits for a person, and whether the server is well. */
    overview: () => ask('overview.get', {}),
    /** At most five of each kind. */
    search: async (q: string) => (await ask('search.find', {}, { query: { q } })).hits,
    /** Google's MLOps levels, by evidence. */
    maturity: () => ask('reports.maturity', {}),
    audit: { list: (query?: QueryOf<'audit.list'>) => ask('audit.list', {}, { query }) },
  };
}
