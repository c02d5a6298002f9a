/** Entry of a training thread: opens the embeddings itself, answers one request after the other. */
import { parentPort } from 'node:worker_threads';
import { packError } from '../../../inference/sent-error.ts';
import { answerFold } from '../answer-fold.ts';
import { type Member, openMember } from '../member.ts';
import { openFiles } from '../open-files.ts';
import type { ThreadReply, ThreadRequest } from './messages.ts';

let member: Member | undefined;

async function answer(request: ThreadRequest): Promise<ThreadReply['answer']> {
  if (request.kind === 'epoch') return member!.run(request.epoch);
  if (request.kind === 'fold') {
    using source = openFiles(request.files);
    return answerFold(source, request.plan);
  }
  member = await openMember(openFiles(request.files), request.plan);
  return undefined;
}

function reply(message: ThreadReply): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', (request: ThreadRequest) => {
  answer(request).then(
    (found) => reply({ answer: found }),
    (error) => reply({ error: packError(error) }),
  );
});
