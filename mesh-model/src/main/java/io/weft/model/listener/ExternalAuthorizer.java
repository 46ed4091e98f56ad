package io.weft.model.listener;

import java.time.Duration;
import java.util.List;

/**
 * An external authorisation provider (Envoy's ext_authz).
 *
 * @param cluster the cluster that answers
 * @param failOpen whether a provider that cannot be asked allows; false by default
 * @param includeRequestHeaders sent to an HTTP provider, beyond its fixed ones
 */
public record ExternalAuthorizer(
        String name,
        boolean grpc,
        String cluster,
        Duration timeout,
        boolean failOpen,
        int statusOnError,
        String pathPrefix,
        List<String> includeRequestHeaders,
        List<String> headersToUpstreamOnAllow,
        List<String> headersToDownstreamOnDeny,
        List<String> headersToDownstreamOnAllow,
        int includeBodyBytes) {

    public ExternalAuthorizer {
        includeRequestHeaders = List.copyOf(includeRequestHeaders);
        headersToUpstreamOnAllow = List.copyOf(headersToUpstreamOnAllow);
        headersToDownstreamOnDeny = List.copyOf(headersToDownstreamOnDeny);
        headersToDownstreamOnAllow = List.copyOf(headersToDownstreamOnAllow);
    }
}
