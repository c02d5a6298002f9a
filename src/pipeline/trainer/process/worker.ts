/** Entry of a training process: opens the embeddings itself, answers one request after the other, ends with its parent. */
import { packError } from '../../../inference/processes/sent-error.ts';
import { answerFold } from '../calibration/answer-fold.ts';
import { type Member, openMember } from '../head/member.ts';
import { openFiles } from '../open-files.ts';
import type { TrainingReply, TrainingRequest } from './messages.ts';

let member: Member | undefined;

async function answer(request: TrainingRequest): Promise<TrainingReply['answer']> {
  if (request.kind === 'epoch') return member!.run(request.epoch);
  if (request.kind === 'fold') {
    using source = openFiles(request.files);
    return await answerFold(source, request.plan);
  }
  member = await openMember(openFiles(request.files), request.plan);
  return undefined;
}

function reply(message: TrainingReply): void {
  if (process.connected) process.send?.(message);
}

process.on('message', (request: TrainingRequest) => {
  answer(request).then(
    (found) => reply({ answer: found }),
    (error) => reply({ error: packError(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group: the parent decides when its children end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
