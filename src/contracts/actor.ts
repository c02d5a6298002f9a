/** Who makes a change, and through which interface. */
export interface Actor {
  /** `anonymous`: the holder of a signed feedback link. */
  kind: 'person' | 'key' | 'local' | 'worker' | 'anonymous';
  /** Of the key; else the name of the user, OS user or trigger. */
  id: string;
  /** As shown in timelines and the audit log: `user:mika`, `key:ci`, `local:mika`, `trigger:nightly`. */
  name: string;
  door: 'http' | 'cli' | 'worker';
  requestId?: string;
  /** IP address of the HTTP client. */
  address?: string;
}

/** A user of this machine, by account name. */
export const localActor = (user: string): Actor => ({ kind: 'local', id: user, name: `local:${user}`, door: 'cli' });

/** A trigger that fires automatically. */
export const triggerActor = (trigger: string): Actor => ({
  kind: 'worker',
  id: trigger,
  name: `trigger:${trigger}`,
  door: 'worker',
});
