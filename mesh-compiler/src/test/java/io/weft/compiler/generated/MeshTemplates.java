package io.weft.compiler.generated;

/** The texts of a generated mesh; words in capitals stand for what differs. */
final class MeshTemplates {

    /** What a service's policies are written in. */
    enum Language {
        ISTIO,
        CONSUL,
        LINKERD,
        SMI,
        GATEWAY_API
    }

    static final String MESH_CONFIG =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                pathNormalization: {normalization: MERGE_SLASHES}
                accessLogFile: /dev/stdout
                extensionProviders:
                - name: authz
                  envoyExtAuthzHttp: {service: s0.ns0.svc.cluster.local, port: 80, failOpen: false}
            """;

    static final String NAMESPACE =
            """
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: NAMESPACE, labels: {team: NAMESPACE}}
            """;

    static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: NAME
              namespace: NAMESPACE
              labels:
                app: NAME
            spec:
              selector:
                app: NAME
              ports:
              - name: http
                port: 80
                targetPort: 8080
            """;

    private static final String ISTIO =
            """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name: NAME
              namespace: NAMESPACE
            spec:
              hosts:
              - NAME
              http:
              - name: beta
                match:
                - uri:
                    prefix: PATH/
                  headers:
                    x-beta:
                      regex: "yes|true"
                - uri:
                    exact: PATH/beta
                  method:
                    exact: GET
                route:
                - destination:
                    host: NAME
                    subset: v2
                timeout: SECONDSs
                retries:
                  attempts: 2
                  perTryTimeout: 500ms
                  retryOn: connect-failure,refused-stream,503
              - route:
                - destination:
                    host: NAME
                    subset: v1
                  weight: WEIGHT
                - destination:
                    host: NAME
                    subset: v2
                  weight: 1
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata:
              name: NAME
              namespace: NAMESPACE
            spec:
              host: NAME
              trafficPolicy:
                loadBalancer:
                  simple: LEAST_REQUEST
                outlierDetection:
                  consecutive5xxErrors: 5
                  interval: 10s
                  baseEjectionTime: SECONDSs
              subsets:
              - name: v1
                labels:
                  version: v1
              - name: v2
                labels:
                  version: v2
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata:
              name: NAME-allow
              namespace: NAMESPACE
            spec:
              selector:
                matchLabels:
                  app: NAME
              rules:
              - from:
                - source:
                    principals:
                    - cluster.local/ns/NAMESPACE/sa/CALLER
                    - cluster.local/ns/NAMESPACE/sa/OTHER
                to:
                - operation:
                    methods:
                    - GET
                    - HEAD
                    paths:
                    - PATH*
                    - /public/{*}/page
              - from:
                - source:
                    namespaces:
                    - NAMESPACE
                when:
                - key: request.headers[x-tenant]
                  values:
                  - "t-*"
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata:
              name: NAME-deny
              namespace: NAMESPACE
            spec:
              selector:
                matchLabels:
                  app: NAME
              action: DENY
              rules:
              - to:
                - operation:
                    paths:
                    - /admin*
                  # by everybody else
                from:
                - source:
                    notPrincipals:
                    - cluster.local/ns/NAMESPACE/sa/CALLER
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata:
              name: NAME
              namespace: NAMESPACE
            spec:
              selector:
                matchLabels:
                  app: NAME
              mtls:
                mode: STRICT
            """;

    private static final String CONSUL =
            """
            ---
            apiVersion: consul.hashicorp.com/v1alpha1
            kind: ServiceDefaults
            metadata:
              name: NAME
              namespace: NAMESPACE
            spec:
              protocol: http
            ---
            apiVersion: consul.hashicorp.com/v1alpha1
            kind: ServiceResolver
            metadata:
              name: NAME
              namespace: NAMESPACE
            spec:
              connectTimeout: SECONDSs
              subsets:
                v1:
                  filter: "Service.Meta.version == v1"
                v2:
                  filter: "Service.Meta.version == v2"
            ---
            apiVersion: consul.hashicorp.com/v1alpha1
            kind: ServiceRouter
            metadata:
              name: NAME
              namespace: NAMESPACE
            spec:
              routes:
              - match:
                  http:
                    pathPrefix: PATH/
                    header:
                    - name: x-debug
                      exact: "1"
                destination:
                  serviceSubset: v2
                  requestTimeout: SECONDSs
            ---
            apiVersion: consul.hashicorp.com/v1alpha1
            kind: ServiceSplitter
            metadata:
              name: NAME
              namespace: NAMESPACE
            spec:
              splits:
              - weight: 75
                serviceSubset: v1
              - weight: 25
                serviceSubset: v2
            ---
            apiVersion: consul.hashicorp.com/v1alpha1
            kind: ServiceIntentions
            metadata:
              name: NAME
              namespace: NAMESPACE
            spec:
              destination:
                name: NAME
              sources:
              - name: CALLER
                permissions:
                - action: allow
                  http:
                    pathPrefix: PATH
                    methods:
                    - GET
              - name: "*"
                action: deny
            """;

    private static final String LINKERD =
            """
            ---
            apiVersion: policy.linkerd.io/v1beta3
            kind: Server
            metadata:
              name: NAME
              namespace: NAMESPACE
            spec:
              podSelector:
                matchLabels:
                  app: NAME
              port: http
            ---
            apiVersion: policy.linkerd.io/v1beta3
            kind: HTTPRoute
            metadata:
              name: NAME-read
              namespace: NAMESPACE
            spec:
              parentRefs:
              - group: policy.linkerd.io
                kind: Server
                name: NAME
              rules:
              - matches:
                - path:
                    value: PATH
                  method: GET
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: MeshTLSAuthentication
            metadata:
              name: NAME-callers
              namespace: NAMESPACE
            spec:
              identityRefs:
              - kind: ServiceAccount
                name: CALLER
              - kind: ServiceAccount
                name: OTHER
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: AuthorizationPolicy
            metadata:
              name: NAME-readers
              namespace: NAMESPACE
            spec:
              targetRef:
                group: policy.linkerd.io
                kind: HTTPRoute
                name: NAME-read
              requiredAuthenticationRefs:
              - group: policy.linkerd.io
                kind: MeshTLSAuthentication
                name: NAME-callers
            ---
            apiVersion: linkerd.io/v1alpha2
            kind: ServiceProfile
            metadata:
              name: NAME.NAMESPACE.svc.cluster.local
              namespace: NAMESPACE
            spec:
              routes:
              - name: read
                condition:
                  method: GET
                  pathRegex: PATH/[^/]+
                timeout: SECONDSs
                isRetryable: true
              retryBudget:
                retryRatio: 0.2
                minRetriesPerSecond: 10
                ttl: 10s
            """;

    private static final String SMI =
            """
            ---
            apiVersion: specs.smi-spec.io/v1alpha4
            kind: HTTPRouteGroup
            metadata:
              name: NAME-routes
              namespace: NAMESPACE
            spec:
              matches:
              - name: read
                pathRegex: "PATH/.*"
                methods:
                - GET
              - name: write
                pathRegex: "/write/.*"
                methods:
                - POST
                - PUT
            ---
            apiVersion: access.smi-spec.io/v1alpha3
            kind: TrafficTarget
            metadata:
              name: NAME-readers
              namespace: NAMESPACE
            spec:
              destination:
                kind: ServiceAccount
                name: NAME
                namespace: NAMESPACE
              rules:
              - kind: HTTPRouteGroup
                name: NAME-routes
                matches:
                - read
              sources:
              - kind: ServiceAccount
                name: CALLER
                namespace: NAMESPACE
            ---
            apiVersion: access.smi-spec.io/v1alpha3
            kind: TrafficTarget
            metadata:
              name: NAME-writers
              namespace: NAMESPACE
            spec:
              destination:
                kind: ServiceAccount
                name: NAME
                namespace: NAMESPACE
              rules:
              - kind: HTTPRouteGroup
                name: NAME-routes
                matches:
                - write
              sources:
              - kind: ServiceAccount
                name: OTHER
                namespace: NAMESPACE
            ---
            apiVersion: specs.smi-spec.io/v1alpha4
            kind: HTTPRouteGroup
            metadata:
              name: NAME-beta
              namespace: NAMESPACE
            spec:
              matches:
              - name: beta
                headers:
                - x-beta: "yes"
            ---
            apiVersion: split.smi-spec.io/v1alpha2
            kind: TrafficSplit
            metadata:
              name: NAME-split
              namespace: NAMESPACE
            spec:
              service: NAME
              backends:
              - service: CALLER
                weight: WEIGHT
              - service: OTHER
                weight: 100
            """;

    private static final String GATEWAY_API_ROUTE =
            """
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: NAME-NUMBER
              namespace: NAMESPACE
            spec:
              parentRefs:
              - group: ""
                kind: Service
                name: NAME
                port: 80
              rules:
              - matches:
                - path:
                    type: PathPrefix
                    value: PATH/NUMBER
                  headers:
                  - name: x-part
                    value: "NUMBER"
                timeouts:
                  request: SECONDSs
                backendRefs:
                - name: NAME
                  port: 80
                  weight: WEIGHT
                - name: OTHER
                  port: 80
                  weight: 1
            """;

    private MeshTemplates() {}

    /** Five policies. */
    static String policies(Language language) {
        return switch (language) {
            case ISTIO -> ISTIO;
            case CONSUL -> CONSUL;
            case LINKERD -> LINKERD;
            case SMI -> SMI;
            case GATEWAY_API -> {
                StringBuilder routes = new StringBuilder();
                for (int i = 0; i < 5; i++) {
                    routes.append(GATEWAY_API_ROUTE.replace("NUMBER", Integer.toString(i)));
                }
                yield routes.toString();
            }
        };
    }
}
