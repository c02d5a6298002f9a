/** Entry of a training process: opens the embeddings itself and handles one request at a time. */

import { openFiles } from '../../../artifacts/transform-graph/open-files.ts';
import { serveParent } from '../../../processes/serve-parent.ts';
import { predictFold } from '../calibration/predict-fold.ts';
import { type Member, openMember } from '../head/member.ts';
import type { TrainingAnswer, TrainingRequest } from './messages.ts';

let member: Member | undefined;

serveParent(async (request: TrainingRequest): Promise<TrainingAnswer<TrainingRequest>> => {
  if (request.kind === 'epoch') return member!.run(request.epoch);
  if (request.kind === 'fold') {
    using source = openFiles(request.files);
    return await predictFold(source, request.plan);
  }
  member = await openMember(openFiles(request.files), request.plan);
  return undefined;
});
