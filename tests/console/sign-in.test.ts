import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../../src/actions/access/user.ts';
import { ServedApp } from '../support/served-app.ts';
import { tester } from '../support/tester.ts';
import { browserPath, ConsoleBrowser, inEveryLook } from './browser.ts';

let served: ServedApp;
let browser: ConsoleBrowser;

describe.skipIf(!browserPath)('signing in', () => {
  beforeAll(async () => {
    served = await ServedApp.open([]);
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
  });

  it('looks right', async () => {
    const ready = (page: import('playwright-core').Page) => page.getByRole('tab').first().waitFor();
    await inEveryLook(browser, { name: 'sign-in', path: '/', ready, as: null });
  });

  it('with a key: a wrong one says why, a right one opens the console, and signing out ends it', async () => {
    const { page, problems } = await browser.page('/', { as: null });
    await page.getByLabel('API key', { exact: true }).fill('mk_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect
      .poll(() => page.getByRole('alert').textContent())
      .toMatch(/unknown or was revoked.*ACCESS_KEY_INVALID/s);
    expect(problems.splice(0)).toHaveLength(1);
    await page.getByLabel('API key', { exact: true }).fill(await served.makeKey('operate'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: /^Account of test-/ }).click();
    const cookies = await page.context().cookies();
    expect(cookies).toMatchObject([{ name: 'mitate_session', httpOnly: true, sameSite: 'Strict' }]);
    expect(cookies[0]!.value).not.toContain('mk_');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('tab', { name: 'Person' }).waitFor();
    const { status } = await fetch(`${served.url}/api/v1/me`, {
      headers: { cookie: `mitate_session=${cookies[0]!.value}` },
    });
    expect(status).toBe(401);
    expect(problems).toEqual([]);
  });

  it('as a person, whose project is not the default one', async () => {
    const { store } = served.served;
    await createUser(store, { name: 'mika', password: 'correct horse battery', role: 'viewer' }, tester);
    const { page, problems } = await browser.page('/runs', { as: null });
    await page.getByRole('tab', { name: 'Person' }).click();
    await page.getByLabel('Name').fill('mika');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Account of mika' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/runs');
    expect(problems).toEqual([]);
  });
});
