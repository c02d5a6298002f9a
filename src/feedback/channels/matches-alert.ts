import type { AlertMessage, Channel } from '../../contracts/loop/alert.ts';
import { isAtLeast } from '../../contracts/severity.ts';

export function matchesAlert(
  { leastSeverity, endpoints, monitors }: Channel,
  { severity, endpoint, monitor, kind }: Pick<AlertMessage['alert'], 'severity' | 'endpoint' | 'monitor' | 'kind'>,
): boolean {
  const isNamed = monitors?.some((name) => name === monitor || name === kind) ?? true;
  return isNamed && (endpoints?.includes(endpoint) ?? true) && isAtLeast(severity, leastSeverity ?? 'notice');
}
