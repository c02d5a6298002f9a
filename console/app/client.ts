import { type Client, createClient } from '../../src/client/index.ts';

const place = 'mitate.project';

/** Of the project that is shown; every screen asks through it. */
export let client: Client = connect();

function connect(): Client {
  const project = chosenProject();
  return createClient({ url: location.origin, ...(project !== null && { project }) });
}

/** Null = the default, or that of the key. */
export function chosenProject(): string | null {
  try {
    return localStorage.getItem(place);
  } catch {
    return null;
  }
}

export function chooseProject(project: string | null): void {
  if (project === null) localStorage.removeItem(place);
  else localStorage.setItem(place, project);
  client = connect();
}
