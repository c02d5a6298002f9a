#!/bin/sh
# Installs a packed Mitate into /opt/mitate and creates its user. Used by the image (Dockerfile).
# Needs Node >= 22.18 and npm on the PATH.
#
#   install.sh mitate-0.1.0.tgz
set -eu
package=$1
prefix=/opt/mitate

mkdir -p "$prefix"
npm install --prefix "$prefix" --omit=dev --ignore-scripts --no-fund --no-audit "$package"

# Binaries of other platforms: 245 of 288 MB
runtime="$prefix/node_modules/mitate/node_modules/onnxruntime-node/bin"
os=$(node -p process.platform)
arch=$(node -p process.arch)
for folder in "$runtime"/napi-v*/*/*; do
  case $folder in
    */"$os"/"$arch") ;;
    *) rm -rf "$folder" ;;
  esac
done

ln -sf "$prefix/node_modules/.bin/mitate" /usr/local/bin/mitate

# The user owns nothing but /data
if ! grep -q '^mitate:' /etc/passwd; then
  echo 'mitate:x:10001:10001:Mitate:/data:/usr/sbin/nologin' >> /etc/passwd
  echo 'mitate:x:10001:' >> /etc/group
fi
mkdir -p /data
chown 10001:10001 /data
