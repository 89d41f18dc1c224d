# As rung, and every answer is checked (a length and a pattern) with an escalation to fall back on. Streams are held, so w3 has no place here.
. "$(dirname "${BASH_SOURCE[0]}")/rung.sh"
peer_desc="as rung, every answer judged by a length and a regex check"
peer_can() { case $1 in w3*) return 1;; esac; }
peer_checks() { printf ', checks: [ { length: { min: 1 } }, { regex: "[a-z]" } ]'; }
