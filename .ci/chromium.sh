# A browser for the tests of the client and of the console, which are left out without one, and a font with Japanese letters, without which
# their pictures show boxes. Source it, then:
#   chromium_install   installs Debian's packages when they are not there (root); says so when that cannot be done

chromium_install() {
  missing=
  command -v chromium >/dev/null || missing=chromium
  [ -n "$(fc-list :lang=ja 2>/dev/null)" ] || missing="$missing fonts-noto-cjk"
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086 # several packages
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null && return 0
  fi
  echo "chromium: $missing cannot be installed: tests in a browser are left out, or show no Japanese" >&2
}
