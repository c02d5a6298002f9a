import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { Empty } from '../../parts/empty.tsx';
import { reviewTexts } from './texts.ts';

/** What to do first. */
export function EmptyQueue(props: {
  endpoint: string | undefined;
  endpoints: readonly string[];
  refill: () => Promise<void>;
}) {
  const { endpoint, endpoints, refill } = props;
  const { empty: texts } = useTexts(reviewTexts);
  const may = useMay();
  const [queued, setQueued] = useState<number | null>(null);
  const named = endpoint ?? endpoints[0];
  const fill = async () => {
    let count = 0;
    for (const each of endpoint === undefined ? endpoints : [endpoint]) {
      const filled = await client.review.fill(each);
      count += (filled?.drawn ?? 0) + (filled?.picked ?? 0);
    }
    setQueued(count);
    if (count > 0) await refill();
  };
  return (
    <Empty title={texts.title} command={texts.command(named ?? 'leaf')}>
      <p>{texts.lead}</p>
      {named !== undefined && may('operate') && (
        <div className="row">
          <Button kind="main" onPress={fill}>
            {texts.fill}
          </Button>
          {queued !== null && <span role="status">{queued > 0 ? texts.filled(queued) : texts.nothing}</span>}
        </div>
      )}
      <p className="quiet">{texts.first}</p>
      <Command text={texts.settings(named ?? 'leaf')} />
    </Empty>
  );
}
