#!/bin/sh
# weft-init: rules that bring a pod's TCP connections to its sidecar. Runs once, as root with NET_ADMIN, in the
# pod's network namespace, before anything else starts; running it again replaces the rules. IPv6 where it is there.
#
# Outbound connections go to WEFT_OUTBOUND_PORT, except the sidecar's own (by user), those within loopback, and what
# is excluded. Nothing is done to inbound connections: the sidecar's inbound ports are bound as such.
#
# The settings mean what the annotations traffic.sidecar.istio.io/* mean; lists are separated by commas.
#   WEFT_PROXY_UID                user of the sidecar (65532)
#   WEFT_OUTBOUND_PORT            the capture port (15001)
#   WEFT_INCLUDE_OUTBOUND_CIDRS   includeOutboundIPRanges (*)
#   WEFT_EXCLUDE_OUTBOUND_CIDRS   excludeOutboundIPRanges
#   WEFT_INCLUDE_OUTBOUND_PORTS   includeOutboundPorts: these whatever their address
#   WEFT_EXCLUDE_OUTBOUND_PORTS   excludeOutboundPorts
# weft-init.sh --remove takes the rules away.
set -euf

uid=${WEFT_PROXY_UID:-65532}
port=${WEFT_OUTBOUND_PORT:-15001}
include=${WEFT_INCLUDE_OUTBOUND_CIDRS:-*}
chain=WEFT_OUTPUT

fail() {
    echo "weft-init: $1" >&2
    exit 64
}

numbers() { # name, list
    case $2 in *[!0-9,]*) fail "$1: '$2' (expected: numbers, separated by commas)" ;; esac
}

numbers WEFT_PROXY_UID "$uid"
numbers WEFT_OUTBOUND_PORT "$port"
numbers WEFT_INCLUDE_OUTBOUND_PORTS "${WEFT_INCLUDE_OUTBOUND_PORTS:-}"
numbers WEFT_EXCLUDE_OUTBOUND_PORTS "${WEFT_EXCLUDE_OUTBOUND_PORTS:-}"
for range in $include ${WEFT_EXCLUDE_OUTBOUND_CIDRS:-}; do
    case $range in *[!0-9a-fA-F.:/,*]*) fail "address ranges: '$range' (expected: CIDRs)" ;; esac
done

words() {
    echo "$1" | tr ',' ' '
}

# Ranges of the family: those of IPv6 have a colon in them.
ranges() { # iptables or ip6tables, list
    for range in $(words "$2"); do
        case $1:$range in
            iptables:*:*) ;;
            ip6tables:*:*) echo "$range" ;;
            iptables:*) echo "$range" ;;
        esac
    done
}

remove() { # iptables or ip6tables
    "$1" -w -t nat -D OUTPUT -p tcp -j "$chain" 2>/dev/null || true
    "$1" -w -t nat -F "$chain" 2>/dev/null || true
    "$1" -w -t nat -X "$chain" 2>/dev/null || true
}

install() { # iptables or ip6tables, loopback
    remove "$1"
    "$1" -w -t nat -N "$chain"
    # The sidecar's own connections, else they would come back to it for ever.
    "$1" -w -t nat -A "$chain" -m owner --uid-owner "$uid" -j RETURN
    "$1" -w -t nat -A "$chain" -d "$2" -j RETURN
    for excluded in $(words "${WEFT_EXCLUDE_OUTBOUND_PORTS:-}"); do
        "$1" -w -t nat -A "$chain" -p tcp --dport "$excluded" -j RETURN
    done
    for excluded in $(ranges "$1" "${WEFT_EXCLUDE_OUTBOUND_CIDRS:-}"); do
        "$1" -w -t nat -A "$chain" -d "$excluded" -j RETURN
    done
    for included in $(words "${WEFT_INCLUDE_OUTBOUND_PORTS:-}"); do
        "$1" -w -t nat -A "$chain" -p tcp --dport "$included" -j REDIRECT --to-ports "$port"
    done
    if [ "$include" = "*" ]; then
        "$1" -w -t nat -A "$chain" -p tcp -j REDIRECT --to-ports "$port"
    else
        for included in $(ranges "$1" "$include"); do
            "$1" -w -t nat -A "$chain" -p tcp -d "$included" -j REDIRECT --to-ports "$port"
        done
    fi
    "$1" -w -t nat -A OUTPUT -p tcp -j "$chain"
}

each() { # what, and for whom
    if [ "$1" = remove ]; then
        remove "$2"
    else
        install "$2" "$3"
    fi
}

action=install
[ "${1:-}" = --remove ] && action=remove
command -v iptables >/dev/null || fail "iptables: not found (expected: an image that has it)"
each "$action" iptables 127.0.0.0/8
if command -v ip6tables >/dev/null && ip6tables -w -t nat -L OUTPUT -n >/dev/null 2>&1; then
    each "$action" ip6tables ::1/128
fi
