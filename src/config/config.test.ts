import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from './config.ts';
import type { ConfigSources } from './sources.ts';

const sources = (change: Partial<ConfigSources> = {}): ConfigSources => ({
  flags: {},
  env: {},
  cwd: '/project',
  isTty: true,
  ...change,
});

describe('resolveConfig', () => {
  it('takes defaults: .mitate, PGlite, a process per core', () => {
    expect(resolveConfig(sources())).toEqual({
      workspace: '/project/.mitate',
      project: 'default',
      artifactCopies: { folder: null, maxBytes: 20e9 },
      databaseUrl: null,
      processes: availableParallelism(),
      pipelines: '/project',
      runs: { timeoutMs: 86_400_000, memoryMb: 4096, env: {}, reads: [], writes: [] },
      dataRoots: { all: [], projects: { default: ['/project'] } },
      logLevel: 'info',
      logMonths: 13,
      historyDays: 400,
      auditDays: 1_100,
      tracing: null,
      apiKey: null,
      releaseHooks: {
        ...{ secret: null, projects: {}, branches: ['main'], repositories: [] },
        issuer: 'https://token.actions.githubusercontent.com',
      },
      backupPassphrase: null,
      secretKeys: { current: null, previous: null },
      oidc: null,
      channels: { allow: [], secrets: {} },
      corsOrigins: [],
      trustedProxies: [],
      terminal: { color: true, interactive: true },
    });
  });

  it('gives the code of runs what is listed of the environment, and nothing that is secret', () => {
    const secrets = { MITATE_DATABASE_URL: 'postgresql://a:b@c/d', MITATE_API_KEY: 'k', AWS_SECRET_ACCESS_KEY: 's' };
    const own = {
      PATH: '/bin',
      LABELS_URL: 'u',
      MITATE_RUN_ENV: 'LABELS_URL, ABSENT',
      MITATE_RELEASE_READS: 'data,/mnt',
      MITATE_RELEASE_WRITES: 'copies',
    };
    const { runs } = resolveConfig(sources({ env: { ...secrets, ...own, MITATE_RUN_TIMEOUT: '2h' } }));
    expect(runs).toMatchObject({ timeoutMs: 7_200_000, reads: ['/project/data', '/mnt'], writes: ['/project/copies'] });
    expect(runs.env).toEqual({ PATH: '/bin', LABELS_URL: 'u' });
    for (const env of [
      { MITATE_RUN_TIMEOUT: 'soon' },
      { MITATE_RUN_MEMORY_MB: '12' },
      { MITATE_ARTIFACT_COPIES_GB: 'all' },
    ])
      expect(() => resolveConfig(sources({ env }))).toThrow(Object.keys(env)[0]!);
  });

  it('prefers the flag to the environment', () => {
    const env = { MITATE_WORKSPACE: 'from-env', MITATE_PROCESSES: '3', MITATE_PROJECT: 'roses' };
    expect(resolveConfig(sources({ env }))).toMatchObject({ workspace: '/project/from-env', project: 'roses' });
    const config = resolveConfig(sources({ env, flags: { workspace: '/w', processes: '5', project: 'oaks' } }));
    expect([config.workspace, config.processes, config.project]).toEqual(['/w', 5, 'oaks']);
  });

  it('exports traces if the standard variables are set and do not disable them', () => {
    const tracing = (env: NodeJS.ProcessEnv) => resolveConfig(sources({ env })).tracing;
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
    const named = { OTEL_SERVICE_NAME: 'leaf', OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,place=field%201' };
    expect(tracing({ ...endpoint, ...named, OTEL_EXPORTER_OTLP_HEADERS: 'key=a=b' })).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: { key: 'a=b' },
      timeoutMs: 10_000,
      resource: { 'service.name': 'leaf', place: 'field 1' },
      share: 1,
      followsParent: true,
    });
    const sampled = { ...endpoint, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' };
    expect(tracing(sampled)).toMatchObject({ share: 0.1, followsParent: false });
    expect(tracing({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBeNull();
    expect(tracing(named)).toBeNull();
    expect(() => tracing({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toThrow('http/json');
  });

  it('reads data roots: for all projects, and per project', () => {
    const env = { MITATE_DATA_ROOTS: 'photos, s3://b/all/ ,roses=/srv/a=b,roses=s3://b/roses' };
    expect(resolveConfig(sources({ env })).dataRoots).toEqual({
      all: ['/project/photos', 's3://b/all/'],
      projects: { roses: ['/srv/a=b', 's3://b/roses'] },
    });
  });

  it('is frozen', () => {
    expect(Object.isFrozen(resolveConfig(sources()))).toBe(true);
  });

  it.each([
    [{ MITATE_PROCESSES: 'many' }, 'MITATE_PROCESSES'],
    [{ MITATE_PROCESSES: '0' }, 'MITATE_PROCESSES'],
    [{ MITATE_PROJECT: 'Rose Garden' }, 'MITATE_PROJECT'],
    [{ MITATE_LOG_LEVEL: 'chatty' }, 'MITATE_LOG_LEVEL'],
    [{ MITATE_DATABASE_URL: 'mysql://x' }, 'MITATE_DATABASE_URL'],
    [{ MITATE_DATA_ROOTS: 'file:///srv' }, 'MITATE_DATA_ROOTS'],
    [{ MITATE_DATA_ROOTS: 'Rose Garden=/srv' }, 'MITATE_DATA_ROOTS'],
    [{ MITATE_RELEASE_SECRET: 'short' }, 'MITATE_RELEASE_SECRET'],
    [{ MITATE_RELEASE_SECRETS: `roses=${'x'.repeat(32)}, lilies=short` }, 'entry 2 of MITATE_RELEASE_SECRETS'],
    [{ MITATE_RELEASE_SECRETS: 'x'.repeat(32) }, 'entry 1 of MITATE_RELEASE_SECRETS'],
  ])('rejects %o, naming the setting', (env, setting) => {
    expect(() => resolveConfig(sources({ env }))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => resolveConfig(sources({ env }))).toThrow(setting);
  });

  it.each([[{ NO_COLOR: '1' }], [{ CI: 'true' }], [{ TERM: 'dumb' }]])('uses no colour under %o', (env) => {
    expect(resolveConfig(sources({ env })).terminal.color).toBe(false);
  });

  it('never writes the password of a bad database URL', () => {
    const env = { MITATE_DATABASE_URL: 'mysql://user:secret@host/db' };
    expect(() => resolveConfig(sources({ env }))).not.toThrow('secret');
  });
});
