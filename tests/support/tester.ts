import type { Actor } from '../../src/contracts/actor.ts';

/** Who changes things in tests. */
export const tester: Actor = { kind: 'local', id: 'test', name: 'test', door: 'cli' };

export const someone = (name: string): Actor => ({ ...tester, name });
