/**
 * `fetch` of one server that is known by its certificate, whoever signed it and whatever name or address it is reached by.
 * @param certificate PEM, of the server first
 */
export function fetchPinned(certificate: string): typeof fetch {
  let agent: Promise<object> | undefined;
  return async (url, init) => {
    agent ??= agentFor(certificate);
    return await fetch(url, { ...init, dispatcher: await agent } as RequestInit);
  };
}

/** undici is 110 modules: loaded on first use. */
async function agentFor(certificate: string): Promise<object> {
  const { Agent } = await import('undici');
  // with its authority, whatever else that signed would be taken for this server
  const [ca = certificate] = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/s.exec(certificate) ?? [];
  const connect = { ca, allowPartialTrustChain: true, checkServerIdentity: () => undefined };
  return new Agent({ connect });
}
