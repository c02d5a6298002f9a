import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { confinePlace } from '../actions/places/confine.ts';
import { resolveConfig } from '../config/config.ts';
import { paths, type RouteId } from '../contracts/api/paths.ts';
import type { Route } from '../contracts/api/route.ts';
import { routes } from '../contracts/api/routes.ts';

const folder = new ScratchFolder();
const root = folder.at('photos');
const env = {
  MITATE_PIPELINES: folder.at('code'),
  MITATE_DATA_ROOTS: `${root}, s3://leaves/all/, https://data.example/all, roses=${folder.at('roses')}, roses=s3://leaves/roses`,
};
let served: ServedApp;
const keys = new Map<string, string>();

beforeAll(async () => {
  for (const name of ['photos/new', 'photos-2/new', 'roses/new', 'secret/new', 'code'])
    mkdirSync(folder.at(name), { recursive: true });
  writeFileSync(folder.at('code/leaf.ts'), '');
  symlinkSync(folder.at('secret'), folder.at('photos/link'));
  symlinkSync(folder.at('nowhere'), folder.at('photos/broken'));
  symlinkSync(root, folder.at('secret/in'));
  served = await ServedApp.open([], { env });
  await unaudited(served.served.store).access.createProject({ name: 'roses', description: '' });
  for (const project of ['default', 'roses']) {
    await unaudited(served.served.store.forProject(project)).endpoints.createEndpoint('leaf', { who: 'test', why: '' });
    keys.set(project, await served.makeKey('operate', null, project));
  }
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const ask = async (id: RouteId, payload: object, project = 'default') => {
  const [method, url] = paths[id].split(' ') as ['POST', string];
  const answer = await served.ask(method, url, { payload, headers: { 'x-api-key': keys.get(project)! } });
  return { status: answer.statusCode, code: answer.json().error?.code, body: answer.json() };
};

let made = 0;
const trigger = (change: object) => ({ name: `t-${made++}`, pipeline: 'leaf.ts', when: { kind: 'demand' }, ...change });
/** Every field of every route that names a place that is confined when the request arrives. */
const fields: Record<string, (place: string) => object> = {
  'triggers.create when.folder': (place) => trigger({ when: { kind: 'new-data', folder: place } }),
  'triggers.create flywheel.to': (place) => trigger({ flywheel: { endpoint: 'leaf', to: place } }),
  'triggers.create flywheel.base': (place) => trigger({ flywheel: { endpoint: 'leaf', to: root, base: [place] } }),
  'corrections.export to': (place) => ({ to: place }),
  'flywheel.export to': (place) => ({ endpoint: 'leaf', to: place }),
  'flywheel.export base': (place) => ({ endpoint: 'leaf', to: root, base: [place] }),
};
/** A worker confines parameters, when it knows which are places; pipeline files and their code have rules of their own. */
const later = [
  'runs.start parameters',
  'triggers.create parameters',
  ...['deploy', 'webhook'].flatMap((verb) => [`releases.${verb} parameters`, `releases.${verb} release.parameters`]),
  'runs.start pipeline',
  'triggers.create pipeline',
  'pipelines.graph pipeline',
];
const noPlaces = {
  names: [
    'runs.list',
    'artifacts.list',
    'data.list',
    'releases.list',
    'releases.deploy release.',
    'releases.webhook release.',
  ].map((route) => `${route.endsWith('.') ? route : `${route} `}pipeline`),
  dataSets: ['datasets.diff from', 'datasets.diff to'],
  instants: [
    ...['feedback.behaviour', 'feedback.delay', 'feedback.list', 'requests.list', 'requests.count', 'endpoints.series'],
    ...['review.agreement', 'review.disputes', 'review.labellers'],
    'data.mapRequests',
  ].flatMap((route) => [`${route} from`, `${route} to`]),
  pictures: ['photos.predict images', 'photos.explain images'],
  numbers: ['monitors.create parameters'],
  // in the upload's own folder: uploads.test.ts
  uploads: ['uploads.add path'],
};

const placeName = /folder|path|dir|file|uri|place|source|^to$|^from$|^base$|pipeline|parameters|image$|images$|bucket/i;

interface Json {
  type?: string;
  properties?: Record<string, Json>;
  items?: Json;
  additionalProperties?: Json | boolean;
  anyOf?: Json[];
  oneOf?: Json[];
  allOf?: Json[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
}

/** Free texts of a schema whose names may be those of places. */
function* placesIn(schema: Json, at: string[]): Generator<string> {
  const name = at.at(-1) ?? '';
  const isFree = schema.type === 'string' && !schema.enum && schema.const === undefined && !schema.pattern;
  const isMap = typeof schema.additionalProperties === 'object' && !schema.properties;
  if ((isFree || isMap) && placeName.test(name)) yield at.join('.');
  for (const one of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])])
    yield* placesIn(one, at);
  if (schema.items) yield* placesIn(schema.items, at);
  for (const [key, one] of Object.entries(schema.properties ?? {})) yield* placesIn(one, [...at, key]);
}

describe('places that come over HTTP', () => {
  it('are confined in every field of every route that may be one', () => {
    const found = new Set<string>();
    for (const [id, route] of Object.entries(routes) as [RouteId, Route][])
      for (const part of [route.body, route.query, route.params])
        if (part && typeof part !== 'string')
          for (const at of placesIn(z.toJSONSchema(part, { io: 'input', unrepresentable: 'any' }) as Json, []))
            found.add(`${id} ${at}`);
    expect([...found].sort()).toEqual([...Object.keys(fields), ...later, ...Object.values(noPlaces).flat()].sort());
  });

  const outside = [
    '/etc',
    '/etc/nothing-there',
    '../secret',
    '../secret/nothing-there',
    '..',
    'photos/../../secret',
    './../photos/../secret/new',
    'link',
    'broken',
    'photos-2',
    'file:///etc',
    'file:/etc',
    's3://leaves/roses/',
    's3://leaves/roses/new',
    's3://leaves/all/../roses/new',
    's3://leaves/all/%2e%2e/roses',
    's3://leaves/all/.%2E/roses',
    's3://leaves/allother',
    's3://leaves',
    's3://other/all/',
    'S3://leaves/roses/',
    'https://data.example/all/../x',
    'https://data.example@evil.example/all/',
    'https://data.example/all\\..\\x',
    'https://data.example/all/?x',
    'http://169.254.169.254/latest/meta-data',
    'ftp://data.example/all/',
  ];
  const absolute = (place: string) =>
    place.startsWith('link') || place.startsWith('broken')
      ? `${root}/${place}`
      : place === 'photos-2'
        ? folder.at(place)
        : place;

  describe.each(Object.keys(fields))('%s', (field) => {
    const [id] = field.split(' ') as [RouteId];
    it.each(outside)('refuses %s, there or not', async (place) => {
      const given = absolute(place);
      const { status, code, body } = await ask(id, fields[field]!(given));
      expect([status, code]).toEqual([403, 'PLACE_OUTSIDE']);
      expect(body.error.message).toBe(`Project default may not use "${given}" over HTTP.`);
    });

    it.each([
      'link',
      'broken',
      'link/new',
      'link/nothing-there',
      'broken/x',
    ])('refuses %s, a link out of it', async (place) => {
      expect(await ask(id, fields[field]!(`${root}/${place}`))).toMatchObject({ code: 'PLACE_OUTSIDE' });
    });

    it("refuses the workspace, another project's folder, and a name that no file has", async () => {
      const { dir } = served.served.store.workspace;
      for (const place of [
        dir,
        `${dir}/images`,
        `${dir}/data/roses`,
        `${dir}/golden/roses`,
        folder.at('roses/new'),
        `${root}/\0`,
      ]) {
        const { status, code } = await ask(id, fields[field]!(place));
        expect([status, code]).toEqual(place.includes('\0') ? [400, 'REQUEST_TEXT_INVALID'] : [403, 'PLACE_OUTSIDE']);
      }
    });

    it('takes what is inside', async () => {
      const { code } = await ask(id, fields[field]!(`${root}/new`));
      expect(code).not.toBe('PLACE_OUTSIDE');
      expect(await ask(id, fields[field]!(folder.at('roses/new')), 'roses')).not.toMatchObject({
        code: 'PLACE_OUTSIDE',
      });
    });
  });

  it('in path parameters are names only', async () => {
    const headers = { 'x-api-key': await served.makeKey('admin') };
    for (const path of Object.values(paths).filter((path) => path.includes('{'))) {
      const [method, template = ''] = path.split(' ') as ['GET', string];
      for (const place of [
        '..%2f..%2f..%2fetc%2fpasswd',
        '%2e%2e',
        '..%5c..%5cetc',
        '%2fetc%2fpasswd',
        'file:%2f%2f%2fetc%2fpasswd',
      ])
        for (const wanted of [template.replaceAll(/\{\w+\}/g, place)]) {
          const answer = await served.ask(method, wanted, {
            headers,
            ...(method !== ('GET' as string) && { payload: {} }),
          });
          expect([path, place, answer.statusCode < 500]).toEqual([path, place, true]);
          expect(answer.body).not.toContain('root:');
        }
    }
  });
});

describe('a confined place', () => {
  const config = resolveConfig({
    flags: { workspace: folder.at('code/.mitate') },
    env: {},
    cwd: folder.at('code'),
    isTty: false,
  });
  const place = (name: string, project = 'default', use?: 'write') => confinePlace({ config, project }, name, use);

  it('is by default in the pipelines folder, for the project of the server alone', async () => {
    expect(await place('spans')).toBe(folder.at('code/spans'));
    expect(await place('.')).toBe(folder.at('code'));
    await expect(place('spans', 'roses')).rejects.toMatchObject({ code: 'PLACE_OUTSIDE' });
    await expect(place('.mitate/images')).rejects.toMatchObject({ code: 'PLACE_OUTSIDE' });
  });

  it("is in the project's own data; golden sets are only read", async () => {
    expect(await place('.mitate/data/roses/new', 'roses')).toBe(folder.at('code/.mitate/data/roses/new'));
    expect(await place('.mitate/golden/roses/field', 'roses')).toBe(folder.at('code/.mitate/golden/roses/field'));
    await expect(place('.mitate/golden/roses/field', 'roses', 'write')).rejects.toMatchObject({
      code: 'PLACE_OUTSIDE',
    });
    await expect(place('.mitate/data/roses', 'lilies')).rejects.toMatchObject({ code: 'PLACE_OUTSIDE' });
  });

  it('is no folder in which a walk finds the workspace', async () => {
    const visible = { ...config, workspace: folder.at('code/workspace') };
    await expect(confinePlace({ config: visible, project: 'default' }, '.')).rejects.toMatchObject({
      code: 'PLACE_OUTSIDE',
    });
  });

  it('is a URL below one that is allowed, letter for letter', async () => {
    const remote = resolveConfig({ flags: {}, env, cwd: '/', isTty: false });
    const of = (project: string, place: string) => confinePlace({ config: remote, project }, place);
    expect(await of('roses', 's3://leaves/roses')).toBe('s3://leaves/roses');
    expect(await of('roses', 's3://leaves/all/2026/')).toBe('s3://leaves/all/2026/');
    expect(await of('default', 'https://data.example/all/a.csv')).toBe('https://data.example/all/a.csv');
    await expect(of('default', 's3://leaves/roses')).rejects.toMatchObject({ code: 'PLACE_OUTSIDE' });
  });
});
