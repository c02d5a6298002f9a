import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChannel } from '../../src/actions/alerts/channel.ts';
import { createEndpoint } from '../../src/actions/endpoints/endpoint.ts';
import { ServedApp } from '../support/served-app.ts';
import { tester } from '../support/tester.ts';
import { browserPath, ConsoleBrowser } from './browser.ts';

let served: ServedApp;
let browser: ConsoleBrowser;

const password = 'correct horse battery staple';

describe.skipIf(!browserPath)('settings', () => {
  beforeAll(async () => {
    served = await ServedApp.open([]);
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
  });

  it('make the first administrator, who signs in; then others, whose role and account change', async () => {
    const { page, problems } = await browser.page('/settings', { size: 'phone' });
    await page.getByRole('button', { name: 'Add the first administrator' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Name').fill('hana');
    await sheet.getByLabel('Password').fill('short');
    await sheet.getByRole('button', { name: 'Add a person' }).click();
    await sheet.getByText('USER_PASSWORD_WEAK').waitFor();
    expect(problems.splice(0)).toHaveLength(1);
    await sheet.getByLabel('Password').fill(password);
    await sheet.getByRole('button', { name: 'Add a person' }).click();
    await page.getByRole('button', { name: 'Manage hana' }).click();
    expect(await served.served.store.access.findUser('hana')).toMatchObject({ roles: { default: 'admin' } });
    await page.getByRole('button', { name: 'Disable the account' }).click();
    await page.getByRole('button', { name: 'Enable the account' }).click();
    await page.getByRole('button', { name: 'Disable the account' }).waitFor();
    expect(problems).toEqual([]);
  });

  it('name labels in both languages, among many; a name that is refused stays as it was typed', async () => {
    const operator = await served.makeKey('operate');
    const payload = {
      names: Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`class_${i}`, { ja: `種類${i}` }])),
    };
    await served.ask('PATCH', '/api/v1/labels', { headers: { 'x-api-key': operator }, payload });
    const { page, problems } = await browser.page('/settings?tab=labels', { as: 'operate', size: 'phone' });
    await page.getByText('30 more: type to find them').waitFor();
    await page.getByLabel('Find a label').fill('class_107');
    await page.getByLabel('English name of class_107').fill('Rust\u202E');
    await page.getByRole('button', { name: 'Save 1 label' }).click();
    await page.getByText('LABEL_NAME_INVALID').waitFor();
    expect(problems.splice(0)).toHaveLength(1);
    // what was typed is still there
    await page.getByLabel('English name of class_107').fill('Leaf rust');
    await page.getByRole('button', { name: 'Save 1 label' }).click();
    await page.getByText('1 label has a new name.').waitFor();
    const { items } = (await served.ask('GET', '/api/v1/labels', { headers: { 'x-api-key': operator } })).json();
    expect(items).toContainEqual({ label: 'class_107', en: 'Leaf rust', ja: '種類107' });
    expect(problems).toEqual([]);
  });

  it('make a key, shown once; rotate it, and revoke it, by keyboard alone', async () => {
    const { page, problems } = await browser.page('/settings?tab=keys');
    await page.getByRole('button', { name: 'Make a key' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').focus();
    await page.keyboard.type('greenhouse-app');
    await page.getByRole('dialog').getByRole('button', { name: 'Make a key' }).focus();
    await page.keyboard.press('Enter');
    const shown = page.getByRole('dialog', { name: 'The new key' });
    const key = (await shown.locator('pre').textContent())!;
    const status = async () => (await fetch(`${served.url}/api/v1/me`, { headers: { 'x-api-key': key } })).status;
    expect(await status()).toBe(200);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Rotate greenhouse-app' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate', exact: true }).focus();
    await page.keyboard.press('Enter');
    expect(await shown.locator('pre').textContent()).not.toBe(key);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Revoke greenhouse-app' }).last().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(status).toBe(401);
    expect(problems).toEqual([]);
  });

  it('say why the test of a channel failed, below the channel', async () => {
    const definition = { kind: 'webhook', url: 'http://127.0.0.1:9/alerts', secretEnv: 'MITATE_CHANNEL_GREENHOUSE' };
    await createChannel(served.served.store, 'greenhouse', definition, { actor: tester, now: new Date() });
    const { page, problems } = await browser.page('/settings?tab=channels');
    await page.getByRole('button', { name: 'Test greenhouse' }).click();
    await page.getByText('CHANNEL_SECRET_MISSING').waitFor();
    expect(problems.splice(0)).toHaveLength(1);
  });

  it('add a Pub/Sub channel, with a secret or without', async () => {
    const { page, problems } = await browser.page('/settings?tab=channels');
    const add = async (name: string, shape: string | null, secret: string | null) => {
      await page.getByRole('button', { name: 'Add a channel' }).click();
      const sheet = page.getByRole('dialog');
      await sheet.getByRole('combobox', { name: 'Kind' }).click();
      await page.getByRole('option', { name: 'Pub/Sub' }).click();
      await sheet.getByLabel('Name', { exact: true }).fill(name);
      if (shape) {
        await sheet.getByRole('combobox', { name: 'Sent' }).click();
        await page.getByRole('option', { name: shape }).click();
      }
      await sheet.getByLabel('Address').fill('https://pubsub.example/v1/projects/p/topics/t:publish');
      if (secret) await sheet.getByLabel('Name of its secret').fill(secret);
      await sheet.getByRole('button', { name: 'Add a channel' }).click();
      await page.getByRole('button', { name: `Test ${name}` }).waitFor();
    };
    await add('topic', null, 'MITATE_CHANNEL_TOPIC');
    await add('push', 'As a push subscription', null);
    const headers = { 'x-api-key': await served.makeKey('admin') };
    const { items } = (await served.ask('GET', '/api/v1/channels', { headers })).json();
    const definition = (name: string) => items.find((each: { name: string }) => each.name === name).definition;
    expect(definition('topic')).toMatchObject({ kind: 'pubsub', shape: 'publish', secretEnv: 'MITATE_CHANNEL_TOPIC' });
    expect(definition('push')).toMatchObject({ kind: 'pubsub', shape: 'push' });
    expect(definition('push').secretEnv ?? null).toBeNull();
    expect(problems).toEqual([]);
  });

  it('change how long an endpoint keeps photos, with the reason in the log, which is filtered', async () => {
    const { store } = served.served;
    await createEndpoint({ store, actor: tester, why: 'test' }, 'leaf-health');
    const { page, problems } = await browser.page('/settings?tab=retention');
    await page.getByRole('button', { name: 'Change leaf-health' }).click();
    await page.getByLabel('Days that photos are kept').fill('7');
    await page.getByLabel('Why').fill('the contract says a week');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: '7 days' }).waitFor();
    await page.goto(`${served.url}/settings?tab=audit&action=endpoint`);
    await page.getByText('the contract says a week').waitFor();
    expect(await page.getByRole('cell', { name: 'key.create' }).count()).toBe(0);
    await page.getByLabel('Who').fill('nobody');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('heading', { name: 'No such entries' }).waitFor();
    expect(new URL(page.url()).searchParams.get('who')).toBe('nobody');
    expect(problems).toEqual([]);
  });

  it('do not show an operator what only an administrator may see', async () => {
    const { page, problems } = await browser.page('/settings', { as: 'operate' });
    await page.getByRole('tab', { name: 'Channels' }).waitFor();
    expect(await page.getByRole('tab', { name: 'People' }).count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
