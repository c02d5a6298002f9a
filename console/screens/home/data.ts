import type { AnswerOf } from '../../../src/client/index.ts';

export type OverviewAnswer = Awaited<AnswerOf<'overview.get'>>;
export type Stations = OverviewAnswer['stations'];
export type NeedAnswer = OverviewAnswer['needs'][number];
