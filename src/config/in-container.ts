import { existsSync } from 'node:fs';

/** What says that this process runs in a container; null = nothing does. */
export function containerOf(env = process.env): string | null {
  if (env.KUBERNETES_SERVICE_HOST) return 'Kubernetes';
  if (existsSync('/run/.containerenv')) return 'Podman';
  return existsSync('/.dockerenv') ? 'Docker' : null;
}
