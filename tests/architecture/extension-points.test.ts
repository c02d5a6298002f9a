import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { backboneNames } from '../../src/backbones/table.ts';
import { channelKinds, channelSchema } from '../../src/contracts/loop/alert.ts';
import { monitorKinds } from '../../src/contracts/loop/monitor.ts';
import { defaultMonitors } from '../../src/feedback/default-monitors.ts';
import { monitorTable } from '../../src/feedback/monitors/table.ts';
import * as publicApi from '../../src/index.ts';
import { componentTable } from '../../src/orchestrator/components.ts';
import { tableNames } from '../../src/store/backup/tables.ts';
import * as feedbackSchema from '../../src/store/database/feedback-schema.ts';
import * as servingSchema from '../../src/store/database/schema.ts';
import { importsOf, sources, src } from './imports.ts';

const guide = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../docs/guides/${name}`, import.meta.url)), 'utf8');
const missingIn = (page: string, names: readonly string[]) => names.filter((name) => !page.includes(`\`${name}\``));

/** Recipes: docs/contributing. */
describe('what is added is registered', () => {
  it('a component: in the table and in the public API', () => {
    const folders = sources().filter((file) => /^pipeline\/[^/]+\/spec\.ts$/.test(file));
    const named = componentTable.map(({ spec }) => spec.name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase());
    expect(folders.map((file) => file.split('/')[1])).toEqual([...named].sort());
    expect(componentTable.filter((component) => !Object.values(publicApi).some((each) => each === component))).toEqual(
      [],
    );
  });

  it('a monitor: in the table, among the defaults, and in the guide', () => {
    expect(Object.keys(monitorTable).sort()).toEqual([...monitorKinds].sort());
    const defaults = defaultMonitors('leaf', { hasUserEvents: true }).map(({ kind }) => kind);
    // somebody has to name its currency
    expect(new Set([...defaults, 'value-per-request'])).toEqual(new Set(monitorKinds));
    expect(missingIn(guide('monitors.md'), monitorKinds)).toEqual([]);
  });

  it('a channel: among the kinds that commands take, and in the guide', () => {
    expect(channelSchema.options.map(({ shape }) => shape.kind.value)).toEqual([...channelKinds]);
    const page = guide('alerts.md');
    expect(channelKinds.filter((kind) => !page.match(new RegExp(`--kind ${kind}\\b`)))).toEqual([]);
  });

  it('a backbone: in the guide', () => expect(missingIn(guide('backbones.md'), backboneNames)).toEqual([]));

  it('a table: in the backup', () => {
    const tables = Object.values({ ...servingSchema, ...feedbackSchema }).filter((each) => is(each, PgTable));
    expect(tables.map(getTableName).sort()).toEqual([...tableNames].sort());
  });

  it.each([
    ['a command', 'cli/commands'],
    ['a route', 'http/routes'],
  ])('%s: every file of %s is imported', (_what, folder) => {
    const files = readdirSync(`${src}/${folder}`).filter((name) => /\.ts$/.test(name) && !/\.test\.ts$/.test(name));
    const imported = new Set(
      sources()
        .flatMap(importsOf)
        .map(({ to }) => to),
    );
    // the table of commands is found by its own import, in cli/program.ts
    expect(files.map((name) => `${folder}/${name}`).filter((file) => !imported.has(file))).toEqual([]);
  });
});
