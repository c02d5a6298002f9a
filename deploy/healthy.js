// The image's health check: the image has no curl. AIP_* are a container mode's. A server that only loads, drains or has nothing to serve is healthy.
const { AIP_HTTP_PORT = '8080', AIP_HEALTH_ROUTE = '/readyz' } = process.env;
fetch(`http://127.0.0.1:${AIP_HTTP_PORT}${AIP_HEALTH_ROUTE}`)
  .then(async (answer) => answer.ok || (await answer.json()).problems.length === 0)
  .then(
    (healthy) => process.exit(healthy ? 0 : 1),
    () => process.exit(1),
  );
