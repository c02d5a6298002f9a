#!/usr/bin/env bash
# Builds the image of the Dockerfile and uses it as a user would: read-only, without capabilities, as its unprivileged user. It checks the
# installation, trains on drawn leaves, serves, requests a prediction and stops the server with SIGTERM.
#
#   sudo deploy/test-image.sh [folder for images, layers and data]
#
# Needs what local-image.sh needs.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(readlink -f "${1:-$(mktemp -d)}")
port=18099
mkdir -p "$folder/data"

cleanup() {
  engine rm --force --time 0 mitate-served > /dev/null 2>&1 || true
}
trap cleanup EXIT
. deploy/local-image.sh

rm -rf "$folder/data/workspace"
chown 10001:10001 "$folder/data"
hardened=(--no-healthcheck --network host --read-only --cap-drop all --security-opt no-new-privileges --tmpfs /tmp -v "$folder/data:/data")
run() { engine run --rm "${hardened[@]}" "$@"; }

step 'check the installation'
run mitate doctor

step 'train a model'
run mitate quickstart

step 'serve it'
engine run --detach --name mitate-served "${hardened[@]}" mitate serve --json --port $port > /dev/null
# prints its address once its models are warm
until sleep 0.1 && key=$(engine logs mitate-served 2> /dev/null | sed -n 's/.*"firstKey":"\([^"]*\)".*/\1/p') && [ -n "$key" ]; do
  [ "$(engine inspect --format '{{.State.Running}}' mitate-served)" = true ] || { engine logs mitate-served; exit 1; }
done
engine exec -e AIP_HTTP_PORT=$port mitate-served node /usr/local/lib/mitate/healthy.js
run -e MITATE_API_KEY="$key" mitate predict /data/workspace/quickstart/photo.jpg --endpoint "http://127.0.0.1:$port/leaf-health"

step 'stop it'
engine stop --time 30 mitate-served > /dev/null
[ "$(engine inspect --format '{{.State.ExitCode}}' mitate-served)" = 0 ] || { engine logs mitate-served; exit 1; }
echo 'Drained and exited with 0.'
