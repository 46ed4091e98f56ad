#!/bin/sh
# weft-init: rules that bring a pod's TCP connections to its sidecar. Runs once, as root with NET_ADMIN, in the
# pod's network namespace, before anything else starts; running it again replaces the rules. IPv6 where it is there.
#
# Outbound connections go to WEFT_OUTBOUND_PORT, except the sidecar's own (by user), those within loopback, and what
# is excluded. Inbound connections go to WEFT_INBOUND_PORT where one is given, except to what is excluded and to the
# sidecar's own ports; without one the sidecar's inbound ports are bound as such.
#
# The settings mean what the annotations traffic.sidecar.istio.io/* mean; lists are separated by commas.
#   WEFT_PROXY_UID                user of the sidecar (65532)
#   WEFT_OUTBOUND_PORT            the capture port (15001)
#   WEFT_INCLUDE_OUTBOUND_CIDRS   includeOutboundIPRanges (*)
#   WEFT_EXCLUDE_OUTBOUND_CIDRS   excludeOutboundIPRanges
#   WEFT_INCLUDE_OUTBOUND_PORTS   includeOutboundPorts: these whatever their address
#   WEFT_EXCLUDE_OUTBOUND_PORTS   excludeOutboundPorts
#   WEFT_INBOUND_PORT             the port for inbound connections (none; 15006 by custom)
#   WEFT_INBOUND_MODE             interceptionMode: REDIRECT, or TPROXY, for which the sidecar needs NET_ADMIN (REDIRECT)
#   WEFT_INCLUDE_INBOUND_PORTS    includeInboundPorts (*)
#   WEFT_EXCLUDE_INBOUND_PORTS    excludeInboundPorts: probes that the kubelet sends to the application itself, say
#   WEFT_OWN_PORTS                ports of the sidecar itself (15021,15090)
# weft-init.sh --remove takes the rules away.
set -euf

uid=${WEFT_PROXY_UID:-65532}
port=${WEFT_OUTBOUND_PORT:-15001}
include=${WEFT_INCLUDE_OUTBOUND_CIDRS:-*}
inbound=${WEFT_INBOUND_PORT:-}
mode=${WEFT_INBOUND_MODE:-REDIRECT}
inports=${WEFT_INCLUDE_INBOUND_PORTS:-*}
outports="${WEFT_OWN_PORTS:-15021,15090},${WEFT_EXCLUDE_INBOUND_PORTS:-}"
chain=WEFT_OUTPUT
into=WEFT_INBOUND
mark=1337
table=133

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
numbers WEFT_INBOUND_PORT "$inbound"
numbers WEFT_OWN_PORTS "${WEFT_OWN_PORTS:-}"
numbers WEFT_EXCLUDE_INBOUND_PORTS "${WEFT_EXCLUDE_INBOUND_PORTS:-}"
[ "$inports" = "*" ] || numbers WEFT_INCLUDE_INBOUND_PORTS "$inports"
case $mode in REDIRECT | TPROXY) ;; *) fail "WEFT_INBOUND_MODE: '$mode' (expected: REDIRECT or TPROXY)" ;; esac
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

family() { # iptables or ip6tables: what ip calls it
    if [ "$1" = ip6tables ]; then echo -6; else echo -4; fi
}

remove() { # iptables or ip6tables
    "$1" -w -t nat -D OUTPUT -p tcp -j "$chain" 2>/dev/null || true
    "$1" -w -t nat -F "$chain" 2>/dev/null || true
    "$1" -w -t nat -X "$chain" 2>/dev/null || true
    for where in nat mangle; do
        "$1" -w -t "$where" -D PREROUTING -p tcp -j "$into" 2>/dev/null || true
        "$1" -w -t "$where" -F "$into" 2>/dev/null || true
        "$1" -w -t "$where" -X "$into" 2>/dev/null || true
    done
    if command -v ip >/dev/null; then
        ip "$(family "$1")" rule del fwmark "$mark" lookup "$table" 2>/dev/null || true
        ip "$(family "$1")" route flush table "$table" 2>/dev/null || true
    fi
}

# Connections to the application: a chain of nat, or of mangle for TPROXY.
install_inbound() { # iptables or ip6tables, loopback
    where=nat
    [ "$mode" = TPROXY ] && where=mangle
    "$1" -w -t "$where" -N "$into"
    "$1" -w -t "$where" -A "$into" -i lo -j RETURN
    for excluded in $(words "$outports"); do
        "$1" -w -t "$where" -A "$into" -p tcp --dport "$excluded" -j RETURN
    done
    if [ "$mode" = TPROXY ]; then
        # What was begun already is delivered here, whatever its address.
        ip link set lo up
        ip "$(family "$1")" rule add fwmark "$mark" lookup "$table"
        ip "$(family "$1")" route add local default dev lo table "$table"
        "$1" -w -t mangle -A "$into" -p tcp -m conntrack --ctstate RELATED,ESTABLISHED -j MARK --set-mark "$mark"
        "$1" -w -t mangle -A "$into" -p tcp -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        set -- "$1" "$2" TPROXY --on-port "$inbound" --tproxy-mark "$mark/0xffffffff"
    else
        set -- "$1" "$2" REDIRECT --to-ports "$inbound"
    fi
    tables=$1
    shift 2
    if [ "$inports" = "*" ]; then
        "$tables" -w -t "$where" -A "$into" -p tcp -j "$@"
    else
        for included in $(words "$inports"); do
            "$tables" -w -t "$where" -A "$into" -p tcp --dport "$included" -j "$@"
        done
    fi
    "$tables" -w -t "$where" -A PREROUTING -p tcp -j "$into"
}

install() { # iptables or ip6tables, loopback
    remove "$1"
    "$1" -w -t nat -N "$chain"
    if [ -n "$inbound" ]; then
        install_inbound "$1" "$2"
        # A call to the own service may come back to this very pod: it goes in by the same door.
        "$1" -w -t nat -A "$chain" -o lo ! -d "$2" -p tcp -m owner --uid-owner "$uid" -j REDIRECT --to-ports "$inbound"
        "$1" -w -t nat -A "$chain" -o lo -m owner ! --uid-owner "$uid" -j RETURN
    fi
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
[ "$mode" = REDIRECT ] || command -v ip >/dev/null || fail "ip: not found (expected: an image that has it, for TPROXY)"
if command -v ip6tables >/dev/null && ip6tables -w -t nat -L OUTPUT -n >/dev/null 2>&1; then
    each "$action" ip6tables ::1/128
fi
