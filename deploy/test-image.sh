#!/usr/bin/env bash
# Builds the image of the Dockerfile and uses it as a user would: read-only, without capabilities, as its unprivileged user. It checks the
# installation, trains on drawn leaves, serves, requests a prediction and stops the server with SIGTERM.
#
#   sudo deploy/test-image.sh [folder for images, layers and data]
#
# Needs root, podman, runc and mmdebstrap (Debian: apt-get install --no-install-recommends podman runc mmdebstrap). The base image is made of
# Debian packages and of this machine's Node 24 (a development dependency) and npm, so that no image registry is needed.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(readlink -f "${1:-$(mktemp -d)}")
port=18099
mkdir -p "$folder/base" "$folder/data"

step() { printf '== %s\n' "$*"; }
engine() { podman --root "$folder/images" --runroot "$folder/run" "$@"; }
cleanup() {
  engine rm --force --time 0 mitate-served > /dev/null 2>&1 || true
}
trap cleanup EXIT

# Runs where another container or a virtual machine forbids cgroups, namespaces of networks and higher limits
export CONTAINERS_CONF=$folder/containers.conf
cat > "$CONTAINERS_CONF" <<'CONF'
[containers]
netns = "host"
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF

step 'make the base image'
mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$folder/base/debian.tar"
engine import --quiet "$folder/base/debian.tar" localhost/bookworm
cp "$(readlink -f node_modules/node/bin/node)" "$folder/base/node"
rm -rf "$folder/base/npm"
cp -r "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$folder/base/npm"
# a network may use its own registry and certificate authority, which this machine trusts
cp /etc/ssl/certs/ca-certificates.crt "$folder/base/"
printf 'registry=%s\ncafile=/etc/ssl/certs/ca-certificates.crt\n' "$(npm config get registry)" > "$folder/base/npmrc"
engine build --quiet --network host --pull=never --isolation chroot -t docker.io/library/node:24-bookworm-slim -f - "$folder/base" <<'FILE'
FROM localhost/bookworm
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY npmrc /root/.npmrc
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
FILE

step 'build the image'
engine build --quiet --format docker --network host --pull=never -f deploy/Dockerfile -t mitate .
engine image inspect --format 'size: {{.Size}} bytes, user {{.Config.User}}' mitate

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
