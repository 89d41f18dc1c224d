#!/usr/bin/env bash
# Installs what the tests need, builds everything, and runs all tests; --no-browser leaves out those of the dashboard in Chromium. Needs the .NET SDK 10; the rest comes from Debian and npm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say() { printf '\n== %s\n' "$*"; }
clients=tests/Rung.System.Tests/Clients/npm
browser=tests/Rung.Browser.Tests
case "${1:-}" in
  "") in_browser=yes ;;
  --no-browser) in_browser=no ;;
  *) echo "usage: ./test.sh [--no-browser]" >&2; exit 2 ;;
esac

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  say "installing Node.js (for the tests with the official openai npm client)"
  sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -q
  $sudo apt-get install -y -q --no-install-recommends nodejs npm
fi
if [ $in_browser = yes ] && [ -z "${RUNG_CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then
  say "installing Chromium (for the tests of the dashboard)"
  sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -q
  $sudo apt-get install -y -q --no-install-recommends chromium
fi
if [ -f "$clients/package-lock.json" ]; then
  say "npm packages of the client tests"
  npm ci --prefix "$clients" --no-audit --no-fund --ignore-scripts
fi
if [ $in_browser = yes ]; then
  say "npm packages of the browser tests"
  npm ci --prefix "$browser" --no-audit --no-fund --ignore-scripts
fi

say "restore (locked) and build"
dotnet restore Rung.slnx --locked-mode -v q
dotnet build Rung.slnx --no-restore -v q --nologo -p:WarningLevel=5

say "tests"
# One project after the other: some measure allocations, some start servers, and two cores are soon taken.
failed=()
for project in tests/*/*.csproj; do
  dotnet test "$project" --no-build --nologo -v q --logger "console;verbosity=minimal" || failed+=("$(basename "$project" .csproj)")
done
if [ $in_browser = yes ]; then
  say "browser tests"
  node "$browser/run.mjs" || failed+=("Rung.Browser.Tests")
fi
if [ ${#failed[@]} -gt 0 ]; then
  say "failed: ${failed[*]}"
  exit 1
fi
[ $in_browser = yes ] && say "all tests passed" || say "all tests passed; those in a browser were left out"
