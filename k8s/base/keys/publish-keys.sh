#!/usr/bin/env bash
# Makes Secrets and ConfigMaps of what make-keys.sh has made below KEYS; a Secret that is there
# already stays, and its root is the one that is told.
#
#   publish-keys.sh mesh NAMESPACE...   the authority and the tokens in weft-system, the root everywhere
#   publish-keys.sh blog                certificates of blog.example.com and auth.example.com
set -euo pipefail
keys=${KEYS:-/keys}

secret() { # namespace, name, arguments of kubectl
    local namespace=$1 name=$2
    shift 2
    kubectl -n "$namespace" get secret "$name" >/dev/null 2>&1 ||
        kubectl -n "$namespace" create secret generic "$name" "$@"
}

configmap() { # namespace, name, arguments of kubectl
    local namespace=$1 name=$2
    shift 2
    kubectl -n "$namespace" create configmap "$name" "$@" --dry-run=client -o yaml |
        kubectl apply --server-side --force-conflicts --field-manager=weft-keys -f -
}

mesh() {
    local namespace
    secret weft-system weft-root-key --from-file="$keys/authority/root.key" --from-file="$keys/authority/root.pem"
    secret weft-system weft-ca --from-file="$keys/authority/chain.pem" --from-file="$keys/authority/key.pem" \
        --from-file="$keys/authority/roots.pem"
    secret weft-system weft-tokens --from-file="$keys/tokens/config" --from-file="$keys/tokens/operator"
    kubectl -n weft-system get secret weft-ca -o 'jsonpath={.data.roots\.pem}' | base64 -d >"$keys/ca.pem"
    for namespace in "$@"; do
        configmap "$namespace" weft-root --from-file="$keys/ca.pem"
    done
}

blog() {
    secret weft-system blog-tls-secret --from-file="$keys/blog/tls.crt" --from-file="$keys/blog/tls.key" \
        --from-file="$keys/blog/ca.crt"
    secret blog auth-tls --from-file="$keys/auth/tls.crt" --from-file="$keys/auth/tls.key" \
        --from-file="$keys/auth/ca.crt"
    kubectl -n blog get secret auth-tls -o 'jsonpath={.data.ca\.crt}' | base64 -d >"$keys/auth-ca.pem"
    configmap weft-system auth-ca --from-file=ca.pem="$keys/auth-ca.pem"
}

case "${1:-}" in
mesh | blog) "$@" ;;
*) echo "publish-keys.sh: '${1:-}' (expected: mesh or blog)" >&2; exit 64 ;;
esac
