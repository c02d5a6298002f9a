export interface Finding {
  /** A note does not stop a run. */
  level: 'error' | 'note';
  /** Null = the pipeline as a whole. */
  step: string | null;
  /** Input, parameter or output; null = the step as a whole. */
  key: string | null;
  problem: string;
  remedy: string;
}

/** `trainer.examples: is not wired. Pass ...` */
export function formatFinding({ step, key, problem, remedy }: Finding): string {
  const place = [step, key].filter((part) => part !== null).join('.');
  return `${place ? `${place}: ` : ''}${problem}. ${remedy}.`;
}
