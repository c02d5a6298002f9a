import type { AlertMessage } from '../../contracts/loop/alert.ts';

/**
 * The original system's message on Google Pub/Sub. `push`: what a push subscription sends
 * (https://cloud.google.com/pubsub/docs/push#receive_push); `publish`: what projects.topics.publish takes.
 */
export function pubsubBody(message: AlertMessage, { shape, id }: { shape: 'push' | 'publish'; id: string }): string {
  const data = Buffer.from(JSON.stringify(originalMessage(message))).toString('base64');
  const { monitor, endpoint, severity } = message.alert;
  const attributes = { news: message.news, monitor, endpoint, severity };
  if (shape === 'publish') return JSON.stringify({ messages: [{ data, attributes }] });
  const publishTime = message.at.toISOString();
  return JSON.stringify({
    message: { data, attributes, messageId: id, message_id: id, publishTime, publish_time: publishTime },
    subscription: 'projects/mitate/subscriptions/alerts',
  });
}

/** The original's text for its own monitor; the finding's text for the others. */
function originalMessage({ news, alert, deployedModelId }: AlertMessage): { alert: string; details: string } {
  if (news === 'test') return { alert: 'テスト', details: alert.finding.said };
  const model = `モデル: ${deployedModelId ?? alert.endpoint}`;
  const { baseline } = alert.finding.details;
  const { statistic, said } = alert.finding;
  const what =
    alert.kind === 'positive-rate' && typeof baseline === 'number' && statistic !== null
      ? `ベース陽性率: ${baseline} 推論結果の${windowText(alert)}平均陽性率: ${statistic}`
      : `監視: ${alert.monitor} ${said}`;
  return { alert: news === 'resolved' ? 'モデル監視アラート解消' : 'モデル監視アラート', details: `${model} ${what}` };
}

/** The original's window is always ten days. */
function windowText({ windowStart, windowEnd }: AlertMessage['alert']): string {
  const hours = Math.max(1, Math.round((windowEnd.getTime() - windowStart.getTime()) / 3_600_000));
  return hours < 48 && hours !== 24 ? `${hours}時間` : `${Math.round(hours / 24)}日間`;
}
