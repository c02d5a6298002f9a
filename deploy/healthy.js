// The image's health check: the image has no curl. AIP_HTTP_PORT is a container mode's port.
const { AIP_HTTP_PORT = '8080' } = process.env;
fetch(`http://127.0.0.1:${AIP_HTTP_PORT}/livez`).then(
  ({ ok }) => process.exit(ok ? 0 : 1),
  () => process.exit(1),
);
