import { existsSync } from 'node:fs';

/** The sign that this process runs in a container; null = none. */
export function containerOf(env = process.env): string | null {
  if (env.KUBERNETES_SERVICE_HOST) return 'Kubernetes';
  if (existsSync('/run/.containerenv')) return 'Podman';
  return existsSync('/.dockerenv') ? 'Docker' : null;
}
