#!/usr/bin/env bash
# Makes keys and certificates (ECDSA P-256) in a folder; what is there already stays.
#
#   make-keys.sh authority DIR TRUST_DOMAIN   root and intermediate of the mesh:
#                                             root.key, root.pem, chain.pem, key.pem, roots.pem
#   make-keys.sh server DIR NAME...           a server certificate by an authority made for it alone:
#                                             tls.crt, tls.key, ca.crt (for trying out)
#   make-keys.sh token FILE                   a random token
set -euo pipefail
umask 077

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

request() { # key file, request file, subject
    printf '[req]\ndistinguished_name = name\nprompt = no\n[name]\n%s\n' "$3" >"$scratch/req.cnf"
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 \
        -config "$scratch/req.cnf" -keyout "$1" -out "$2" 2>/dev/null
}

sign() { # request file, certificate file, days, extensions, then how to sign
    local in=$1 out=$2 days=$3 extensions=$4
    shift 4
    printf '%s\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n' "$extensions" >"$scratch/ext.cnf"
    openssl x509 -req -sha256 -in "$in" -out "$out" -days "$days" -set_serial "0x$(openssl rand -hex 15)" \
        -extfile "$scratch/ext.cnf" "$@" 2>/dev/null
}

ca() { # path length
    printf 'basicConstraints = critical, CA:TRUE, pathlen:%s\nkeyUsage = critical, keyCertSign, cRLSign' "$1"
}

authority() {
    local dir=$1 domain=$2
    mkdir -p "$dir"
    [ -s "$dir/roots.pem" ] && return
    request "$dir/root.key" "$scratch/root.csr" "O = $domain"$'\n'"CN = Weft root"
    sign "$scratch/root.csr" "$dir/root.pem" 3650 "$(ca 1)" -key "$dir/root.key"
    request "$dir/key.pem" "$scratch/intermediate.csr" "O = $domain"$'\n'"CN = Weft intermediate"
    sign "$scratch/intermediate.csr" "$dir/chain.pem" 365 "$(ca 0)" -CA "$dir/root.pem" -CAkey "$dir/root.key"
    cp "$dir/root.pem" "$dir/roots.pem"
}

server() {
    local dir=$1 names
    shift
    mkdir -p "$dir"
    [ -s "$dir/tls.crt" ] && return
    names=$(printf 'DNS:%s,' "$@")
    request "$scratch/ca.key" "$scratch/ca.csr" "CN = Demo authority of $1"
    sign "$scratch/ca.csr" "$dir/ca.crt" 3650 "$(ca 0)" -key "$scratch/ca.key"
    request "$dir/tls.key" "$scratch/tls.csr" "CN = $1"
    sign "$scratch/tls.csr" "$scratch/tls.crt" 365 \
        "basicConstraints = critical, CA:FALSE"$'\n'"keyUsage = critical, digitalSignature"$'\n'"extendedKeyUsage = serverAuth"$'\n'"subjectAltName = ${names%,}" \
        -CA "$dir/ca.crt" -CAkey "$scratch/ca.key"
    mv "$scratch/tls.crt" "$dir/tls.crt"
}

token() {
    mkdir -p "$(dirname "$1")"
    [ -s "$1" ] || printf '%s' "$(openssl rand -hex 32)" >"$1"
}

case "${1:-}" in
authority | server) [ $# -ge 3 ] || { echo "make-keys.sh: $1 (expected: a folder and a name)" >&2; exit 64; } ;;
token) [ $# -eq 2 ] || { echo "make-keys.sh: token (expected: a file)" >&2; exit 64; } ;;
*) echo "make-keys.sh: '${1:-}' (expected: authority, server or token)" >&2; exit 64 ;;
esac
"$@"
