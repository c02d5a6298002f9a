#!/usr/bin/env bash
# Runs the steps of the Dockerfile in a bare Debian folder: packs this checkout, installs it with deploy/install.sh, trains on sample leaves
# as the user `mitate`, serves, requests a prediction, stops the server with SIGTERM. Needs root and debootstrap.
#
#   sudo deploy/bare-debian.sh [folder] [debian mirror]
#
# Node is copied from this machine (node@24 of the development dependencies); the image gets it from node:24.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-$(mktemp -d)/debian}
mirror=${2:-$(apt-get indextargets --format '$(SITE)' | sed -n 1p)}
port=18099

step() { printf '== %s\n' "$*"; }

# keep this machine's user and environment out
inside=(chroot "$folder" /usr/bin/env -i HOME=/data PATH=/usr/local/bin:/usr/bin:/bin)
as_mitate=("${inside[@]}" MITATE_WORKSPACE=/data/workspace setpriv --reuid=10001 --regid=10001 --clear-groups)

server=
cleanup() {
  if [ -n "$server" ]; then kill -9 "$server" 2>/dev/null || true; fi
  for mounted in proc dev; do umount "$folder/$mounted" 2>/dev/null || true; done
}
trap cleanup EXIT

if [ ! -x "$folder/bin/sh" ]; then
  step "install bare Debian into $folder"
  debootstrap --variant=minbase --include=ca-certificates bookworm "$folder" "$mirror" > "$folder.log"
fi
mount -t proc proc "$folder/proc"
mount --bind /dev "$folder/dev"
cp /etc/resolv.conf "$folder/etc/resolv.conf"
cp /etc/hosts "$folder/etc/hosts"
# a network may use its own certificate authority, which this machine trusts
cp /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/ca-certificates.crt"

step 'install Node and npm'
cp "$(readlink -f node_modules/node/bin/node)" "$folder/usr/local/bin/node"
mkdir -p "$folder/usr/local/lib/node_modules"
cp -r "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$folder/usr/local/lib/node_modules/"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$folder/usr/local/bin/npm"

step 'install the package'
rm -f "$folder"/root/mitate-*.tgz
npm pack --silent --pack-destination "$folder/root"
cp deploy/install.sh deploy/healthy.js "$folder/root/"
"${inside[@]}" npm_config_registry="$(npm config get registry 2> /dev/null)" NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt sh -c 'sh /root/install.sh /root/mitate-*.tgz'
du -sh "$folder/opt/mitate"

step 'train a model'
rm -rf "$folder/data/workspace"
"${as_mitate[@]}" sh -c 'cd /data && mitate quickstart'

step 'start the server'
"${inside[@]}" AIP_HTTP_PORT=$port node /root/healthy.js && { echo 'the port is in use'; exit 1; }
started=$(date +%s%N)
"${as_mitate[@]}" mitate serve --json --port $port > "$folder.said" &
server=$!
# prints its address once its models are warm
until sleep 0.05 && [ -s "$folder.said" ] && "${inside[@]}" AIP_HTTP_PORT=$port node /root/healthy.js; do
  kill -0 $server
  [ $(($(date +%s%N) - started)) -lt 30000000000 ] || { echo 'no response within 30 s'; exit 1; }
done
echo "warm and healthy after $((($(date +%s%N) - started) / 1000000)) ms"
key=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).firstKey' "$folder.said")
"${inside[@]}" MITATE_API_KEY="$key" mitate predict /data/workspace/quickstart/photo.jpg --endpoint "http://127.0.0.1:$port/leaf-health"

step 'stop the server'
kill -TERM "$server"
wait "$server"
server=
echo 'Drained and exited with 0.'
