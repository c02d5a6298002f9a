import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { sourceFlags } from '../../tests/support/source-flags.ts';

it('no log line has a token of a feedback link, or the secret of a key', () => {
  const program = `
    import { serverLogger } from ${JSON.stringify(new URL('./server-logger.ts', import.meta.url).href)};
    const { logger, requests } = serverLogger('info');
    logger.info('GET /feedback/abc-D.ef_g/photo', { url: 'https://x/feedback/abc-D.ef_g?a=b' });
    requests.error({ err: new Error('mk_0123456789abcdef_${'s'.repeat(43)} at /feedback/abc-D.ef_g') }, 'it');
  `;
  const args = [...sourceFlags, '--input-type=module', '-e', `${program}`];
  const text = execFileSync(
    process.execPath,
    [
      '-e',
      `require('node:child_process').spawnSync(process.execPath, ${JSON.stringify(args)}, { stdio: ['ignore', 'ignore', 1] })`,
    ],
    { encoding: 'utf8' },
  );
  expect(text).toContain('GET /feedback/***/photo');
  expect(text).toContain('mk_0123456789abcdef_***');
  expect(text).not.toMatch(/abc-D|ef_g|sss/);
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).level),
  ).toEqual(['info', 'error']);
});
