import { ApiError } from '../../src/client/index.ts';
import { Button } from '../parts/button.tsx';
import { dictionary, useTexts } from './texts.ts';
import './faults.css';

const faultTexts = dictionary(
  {
    offline: 'The server cannot be reached.',
    offlineRemedy: 'Check the connection, and that the server is running. Nothing you entered is lost.',
    unexpected: 'Something went wrong on this page.',
    unexpectedRemedy: 'Try again. If it happens again, report it with the text below.',
    retry: 'Try again',
    code: 'Code',
    request: 'Request',
  },
  {
    offline: 'サーバーに接続できません。',
    offlineRemedy: '接続と、サーバーが動いていることを確認してください。入力した内容は失われていません。',
    unexpected: 'このページで問題が起きました。',
    unexpectedRemedy: 'もう一度お試しください。続く場合は、下の内容を添えてお知らせください。',
    retry: '再試行',
    code: 'コード',
    request: 'リクエスト',
  },
);

/** What went wrong, what to do, and where to look it up: stays where it happened until it is mended. */
export function Fault({ error, retry }: { error: unknown; retry?: (() => unknown) | undefined }) {
  const texts = useTexts(faultTexts);
  const { message, remedy, code, requestId } = described(error, texts);
  return (
    <div className="fault" role="alert">
      <p className="fault-message">{message}</p>
      {remedy && <p>{remedy}</p>}
      <p className="fault-facts">
        <span>
          {texts.code} <code>{code}</code>
        </span>
        {requestId && (
          <span>
            {texts.request} <code>{requestId}</code>
          </span>
        )}
      </p>
      {retry && <Button onPress={retry}>{texts.retry}</Button>}
    </div>
  );
}

function described(error: unknown, texts: (typeof faultTexts)['ja']) {
  if (error instanceof ApiError) {
    const { message, remedy, code, requestId } = error;
    return { message, remedy, code, requestId };
  }
  // fetch throws it when there is no answer
  if (error instanceof TypeError && /fetch|network|load/i.test(error.message))
    return { message: texts.offline, remedy: texts.offlineRemedy, code: 'NETWORK', requestId: null };
  const what = error instanceof Error ? error.message : String(error);
  return { message: texts.unexpected, remedy: texts.unexpectedRemedy, code: what.slice(0, 200), requestId: null };
}
