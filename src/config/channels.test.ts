import { describe, expect, it } from 'vitest';
import { resolveChannels } from './channels.ts';

const allowed = (text: string) => resolveChannels({ env: { MITATE_CHANNEL_ALLOW: text } }).allow;

describe('the allow-list of channels', () => {
  it.each([
    'hooks.internal',
    'smtp_relay',
    'xn--mller-kva.example',
    '10.1.2.3',
    '10.0.0.0/8',
    '0.0.0.0/0',
    '::1',
    'fd00::/8',
  ])('takes %s', (entry) => {
    expect(allowed(`a.example, ${entry} ,`)).toEqual(['a.example', entry]);
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0',
    '300.1.1.1',
    'fd00::/129',
    '127.0.0.1:8080',
    'hooks.internal:8080',
    'hooks.internal/8',
    '[::1]',
    '*.internal',
    'https://hooks.internal',
    '10.0.0.0/8/8',
    '10.0.0.0/',
  ])('rejects %s', (entry) => {
    expect(() => allowed(`a.example,${entry}`)).toThrow(`got "${entry}"`);
  });

  it('is not a secret, nor are empty variables', () => {
    const env = { MITATE_CHANNEL_ALLOW: 'a.example', MITATE_CHANNEL_A: 'x', MITATE_CHANNEL_B: '', OTHER: 'y' };
    expect(resolveChannels({ env }).secrets).toEqual({ MITATE_CHANNEL_A: 'x' });
  });
});
