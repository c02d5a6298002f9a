import { Option } from 'commander';

export interface Why {
  why: string;
}

export const whyOption = (): Option => new Option('--why <text>', 'reason recorded in the timeline').default('by hand');
