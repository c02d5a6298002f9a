import { expect, it } from 'vitest';
import { channelSchema, channelVariables } from './alert.ts';
import { eventKey, eventKindOf, parseEventKey } from './event-key.ts';
import { readEvidence } from './promotion.ts';

it('an event key has a kind, and an id that may contain colons', () => {
  const key = eventKey('result', 'accuracy:2026-03-02T00:00:00.000Z');
  expect(parseEventKey(key)).toEqual({ kind: 'result', id: 'accuracy:2026-03-02T00:00:00.000Z' });
  expect(eventKindOf('comet:1')).toBeNull();
});

it('reads the checks of decisions of 0.1.0, which had no id', () => {
  const check = { name: 'measured accuracy', verdict: 'pass', said: 'equal', numbers: { better: 1 } };
  const { checks } = readEvidence({ evidence: { checks: [check], replay: { photos: 3 } } });
  expect(checks).toEqual([{ ...check, id: 'measured-accuracy' }]);
  expect(readEvidence({ evidence: null })).toEqual({ checks: [], disagreements: [] });
});

it('the variables of a channel are those of its schema', () => {
  const variables = (definition: object) => channelVariables(channelSchema.parse(definition));
  const variable = 'MITATE_CHANNEL_X';
  const address = { from: 'a@example.org', to: ['b@example.org'] };
  expect(variables({ kind: 'webhook', url: 'https://example.org', secretEnv: variable })).toEqual([variable]);
  expect(variables({ kind: 'slack', urlEnv: variable, endpoints: ['leaf'] })).toEqual([variable]);
  expect(variables({ kind: 'email', smtpUrlEnv: variable, ...address })).toEqual([variable]);
  expect(variables({ kind: 'pubsub', url: 'https://example.org', secretEnv: variable })).toEqual([variable]);
  expect(variables({ kind: 'pubsub', url: 'https://example.org' })).toEqual([]);
});
