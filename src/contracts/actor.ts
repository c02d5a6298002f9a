/** Who makes a change, and through which door. */
export interface Actor {
  /** `anonymous`: whoever holds a signed feedback link. */
  kind: 'person' | 'key' | 'local' | 'worker' | 'anonymous';
  /** Of the key; else the name of the person, the OS user or the trigger. */
  id: string;
  /** As timelines and the audit log show it: `user:mika`, `key:ci`, `local:mika`, `trigger:nightly`. */
  name: string;
  door: 'http' | 'cli' | 'worker';
  /** Of the HTTP request. */
  requestId?: string;
  /** IP address of the HTTP client. */
  address?: string;
}

/** Someone at this machine, by the name of their account. */
export const localActor = (user: string): Actor => ({ kind: 'local', id: user, name: `local:${user}`, door: 'cli' });

/** A trigger that fires by itself. */
export const triggerActor = (trigger: string): Actor => ({
  kind: 'worker',
  id: trigger,
  name: `trigger:${trigger}`,
  door: 'worker',
});
