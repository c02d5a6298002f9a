# A browser for the tests of the client and of the try-it page, which are left out without one. Source it, then:
#   chromium_install   installs Debian's package when none is there (root); says so when that cannot be done

chromium_install() {
  command -v chromium >/dev/null && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && return 0
  fi
  echo "chromium: none found, and none could be installed: tests in a browser are left out" >&2
}
