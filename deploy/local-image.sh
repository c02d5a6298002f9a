# Sourced by tests of the image: builds it with podman into $folder, without an image registry. The base image is made of Debian packages and
# of this machine's Node 24 (a development dependency) and npm. Afterwards `engine` is podman with the images of $folder.
# Needs root, podman, runc and mmdebstrap (Debian: apt-get install --no-install-recommends podman runc mmdebstrap), and to be sourced in
# the root of the repository.

step() { printf '== %s\n' "$*"; }
engine() { podman --root "$folder/images" --runroot "$folder/run" "$@"; }
mkdir -p "$folder/base"

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
