import { existsSync, readFileSync } from 'node:fs';

/** The sign that this process runs in a container; null = none. A variable alone is no sign: anybody can set it. */
export function containerOf(
  env = process.env,
  isThere: (path: string) => boolean = existsSync,
  mounts = readMounts,
): string | null {
  if (isThere('/run/.containerenv')) return 'Podman';
  if (isThere('/.dockerenv')) return 'Docker';
  return env.KUBERNETES_SERVICE_HOST && rootIsLayered(mounts()) ? 'Kubernetes' : null;
}

/** The root of a container is an overlay of the layers of its image. */
const rootIsLayered = (mounts: string) => /^\S+ \S+ \S+ \S+ \/ .* - overlay /m.test(mounts);

function readMounts(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}
