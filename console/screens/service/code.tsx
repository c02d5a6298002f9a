import { useTexts } from '../../app/texts.ts';
import { Command } from '../../parts/command.tsx';
import type { EndpointAnswer } from './data.ts';
import { serviceTexts } from './texts.ts';

/** How to ask this endpoint, with this address. */
export function Code({ endpoint: { name, settings } }: { endpoint: EndpointAnswer }) {
  const { code } = useTexts(serviceTexts);
  return (
    <div className="stack">
      {settings.public ? (
        <p>{code.isPublic}</p>
      ) : (
        <>
          <p>{code.lead}</p>
          <Sample name="shell" text={code.keyCommand} />
        </>
      )}
      {samplesOf(name, location.origin, settings.public).map(([language, text]) => (
        <Sample key={language} name={language} text={text} />
      ))}
    </div>
  );
}

function Sample({ name, text }: { name: string; text: string }) {
  return (
    <section className="sample" aria-label={name}>
      <h3 className="quiet small">{name}</h3>
      <Command text={text} />
    </section>
  );
}

/** @param address of the server, without a slash at its end */
export function samplesOf(endpoint: string, address: string, isPublic: boolean): [language: string, text: string][] {
  const url = `${address}/api/v1/endpoints/${encodeURIComponent(endpoint)}:predict`;
  const header = isPublic ? '' : ' -H "X-Api-Key: $KEY"';
  const key = isPublic ? '' : ', key: process.env.KEY';
  const headers = isPublic ? '' : ", headers={'X-Api-Key': os.environ['KEY']}";
  return [
    ['curl', `curl${header} -F file=@leaf.jpg ${url}`],
    [
      'TypeScript',
      `import { readFile } from 'node:fs/promises';
import { createClient } from 'mitate/client';

const mitate = createClient({ url: '${address}'${key} });
const { predictions } = await mitate.predict('${endpoint}', await readFile('leaf.jpg'));
console.log(predictions[0].label, predictions[0].probability);`,
    ],
    [
      'Python',
      `${isPublic ? '' : 'import os\n'}import requests

with open('leaf.jpg', 'rb') as photo:
    answer = requests.post('${url}'${headers}, files={'file': photo}, timeout=30)
answer.raise_for_status()
print(answer.json()['predictions'][0])`,
    ],
  ];
}
