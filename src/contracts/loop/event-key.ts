/** Events of triggers: a scheduled time, an alert, a monitor result, a folder's content, a call, a release, a manual request. */
const eventKinds = ['schedule', 'alert', 'result', 'folder', 'call', 'release', 'demand'] as const;
export type EventKind = (typeof eventKinds)[number];

/** Unique within a trigger; stored as `firings.occasion`. */
export type EventKey = `${EventKind}:${string}`;

export const eventKey = (kind: EventKind, id: string | number): EventKey => `${kind}:${id}`;

/** @returns null for a kind that this version does not know */
export function parseEventKey(key: string): { kind: EventKind; id: string } | null {
  const end = key.indexOf(':');
  const kind = eventKinds.find((each) => each === key.slice(0, end));
  return kind === undefined ? null : { kind, id: key.slice(end + 1) };
}

export const eventKindOf = (key: string): EventKind | null => parseEventKey(key)?.kind ?? null;
