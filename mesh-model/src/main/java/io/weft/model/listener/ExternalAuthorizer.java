package io.weft.model.listener;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An external authorisation provider (Envoy's ext_authz).
 *
 * @param cluster the cluster that answers
 * @param failOpen whether a provider that cannot be asked allows; false by default
 * @param statusOnError what the caller gets when the provider cannot be asked
 * @param pathPrefix before the request's own path, HTTP only
 * @param includeRequestHeaders sent to an HTTP provider beyond its fixed ones; {@code a*} and
 *     {@code *a} are prefixes and suffixes
 * @param additionalHeaders sent to an HTTP provider as they are, whatever the request says
 * @param headersToDownstreamOnDeny of an HTTP provider's answer; empty passes all
 * @param includeBodyBytes how much of the body the provider sees, 0 is none
 * @param partialBody whether the provider sees the beginning of a body that is larger; otherwise
 *     such a request is answered with 413
 * @param bodyAsBytes whether a gRPC provider gets the body as bytes rather than as text
 * @param clearRouteCache whether a gateway chooses the route again after the provider's changes
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
        Map<String, String> additionalHeaders,
        List<String> headersToUpstreamOnAllow,
        List<String> headersToDownstreamOnDeny,
        List<String> headersToDownstreamOnAllow,
        int includeBodyBytes,
        boolean partialBody,
        boolean bodyAsBytes,
        boolean clearRouteCache) {

    public ExternalAuthorizer {
        includeRequestHeaders = List.copyOf(includeRequestHeaders);
        additionalHeaders = Map.copyOf(additionalHeaders);
        headersToUpstreamOnAllow = List.copyOf(headersToUpstreamOnAllow);
        headersToDownstreamOnDeny = List.copyOf(headersToDownstreamOnDeny);
        headersToDownstreamOnAllow = List.copyOf(headersToDownstreamOnAllow);
    }
}
