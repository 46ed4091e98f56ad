#!/usr/bin/env bash
# Fills the volumes below /secrets, each for those alone who need it. Runs once, as root, because a new
# volume belongs to root; what is there stays.
set -euo pipefail
user=65532
make=/scripts/make-keys.sh

"$make" authority /secrets/authority cluster.local
# Only its heirs sign from here on.
[ ! -e /secrets/authority/root.key ] || mv /secrets/authority/root.key /secrets/authority-root/root.key
mkdir -p /secrets/root
cp /secrets/authority/roots.pem /secrets/root/ca.pem
chmod 0444 /secrets/root/ca.pem

"$make" server /secrets/gateway/istio-system/blog-tls-secret blog.example.com
"$make" server /secrets/auth auth.example.com
mkdir -p /secrets/gateway/auth
cp /secrets/auth/ca.crt /secrets/gateway/auth/ca.crt

# Properties as files: the name of the file is the property.
"$make" token /secrets/config/weft.config.access-token
mkdir -p /secrets/policy
cp /secrets/config/weft.config.access-token /secrets/policy/weft.policy.config-token
"$make" token /secrets/policy/weft.policy.api.operator-token
n=0
while read -r namespace account; do
    "$make" token "/secrets/join/$namespace.$account/token"
    entry="/secrets/policy/weft.policy.join.reusable-tokens[$n]"
    cp "/secrets/join/$namespace.$account/token" "$entry.token"
    printf '%s' "$namespace" >"$entry.namespace"
    printf '%s' "$account" >"$entry.service-account"
    n=$((n + 1))
done <<'EOF'
istio-system istio-ingressgateway-service-account
blog blog-api
blog user-service
blog blog-frontend
blog static-files
EOF

mkdir -p /srv/config
chown -R "$user:$user" /secrets/authority /secrets/gateway /secrets/auth /secrets/config /secrets/policy /secrets/join /srv/config
chmod 0755 /secrets/root
for state in /state/*/; do
    chown "$user:$user" "$state"
done
