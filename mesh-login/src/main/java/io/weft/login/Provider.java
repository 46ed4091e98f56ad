package io.weft.login;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClient;

/**
 * An OpenID Connect provider as a client of it sees it. Every method may block for as long as the
 * provider takes, at most ten seconds; thread-safe.
 */
final class Provider {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final ClientRegistration client;
    private final NimbusJwtDecoder idTokens;
    private final RestClient http;
    private final RestClientAuthorizationCodeTokenResponseClient codes =
            new RestClientAuthorizationCodeTokenResponseClient();
    private final RestClientRefreshTokenTokenResponseClient refreshes =
            new RestClientRefreshTokenTokenResponseClient();

    private Provider(ClientRegistration client, InstantSource clock) {
        this.client = client;
        JdkClientHttpRequestFactory requests =
                new JdkClientHttpRequestFactory(
                        java.net.http.HttpClient.newBuilder()
                                .connectTimeout(PATIENCE)
                                .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
                                .build());
        requests.setReadTimeout(PATIENCE);
        this.http =
                RestClient.builder()
                        .requestFactory(requests)
                        .configureMessageConverters(converters ->
                                converters
                                        .addCustomConverter(new FormHttpMessageConverter())
                                        .addCustomConverter(
                                                new OAuth2AccessTokenResponseHttpMessageConverter()))
                        .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                        .build();
        codes.setRestClient(http);
        refreshes.setRestClient(http);
        // Any signature that only the provider can make; "none" and shared secrets are not.
        this.idTokens =
                NimbusJwtDecoder.withJwkSetUri(
                                said("jwks_uri", client.getProviderDetails().getJwkSetUri()))
                        .jwsAlgorithms(all -> all.addAll(Set.of(SignatureAlgorithm.values())))
                        .build();
        idTokens.setJwtValidator(jwt -> {
            OidcIdTokenValidator validator = new OidcIdTokenValidator(client);
            validator.setClock(Clock.fixed(clock.instant(), ZoneOffset.UTC));
            validator.setClockSkew(SKEW);
            return validator.validate(jwt);
        });
    }

    /**
     * Reads the provider's metadata (OpenID Connect Discovery).
     *
     * @throws RuntimeException when it cannot be had, or is another issuer's
     */
    static Provider discover(LoginSettings settings, InstantSource clock) {
        String secret = settings.clientSecret();
        ClientRegistration.Builder client =
                ClientRegistrations.fromIssuerLocation(settings.issuer())
                        .registrationId(settings.name())
                        .clientId(settings.clientId())
                        .scope(settings.scopes())
                        .redirectUri("{baseUrl}" + settings.callbackPath())
                        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE);
        if (secret == null) {
            client.clientAuthenticationMethod(ClientAuthenticationMethod.NONE);
        } else {
            client.clientSecret(secret);
        }
        return new Provider(client.build(), clock);
    }

    String issuer() {
        return String.valueOf(client.getProviderDetails().getIssuerUri());
    }

    private static String said(String name, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException("the provider's metadata has no " + name);
        }
        return value;
    }

    private @Nullable String metadata(String name) {
        Object value = client.getProviderDetails().getConfigurationMetadata().get(name);
        return value instanceof String text ? text : null;
    }

    /** A request to log in, with state, nonce and proof key (RFC 7636, S256) of its own. */
    OAuth2AuthorizationRequest begin(String redirectUri, String state, String nonce) {
        OAuth2AuthorizationRequest.Builder request =
                request(redirectUri, state)
                        .additionalParameters(Map.of(OidcParameterNames.NONCE, hash(nonce)));
        OAuth2AuthorizationRequestCustomizers.withPkce().accept(request);
        return request.build();
    }

    private OAuth2AuthorizationRequest.Builder request(String redirectUri, String state) {
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(
                        said(
                                "authorization_endpoint",
                                client.getProviderDetails().getAuthorizationUri()))
                .clientId(client.getClientId())
                .redirectUri(redirectUri)
                .scopes(client.getScopes())
                .state(state);
    }

    /** What a login has brought. */
    record Tokens(Jwt id, OAuth2AccessTokenResponse response) {}

    /**
     * Exchanges a code and verifies the ID token that comes for it.
     *
     * @throws RuntimeException when the provider refuses, or the token is not for this login
     */
    Tokens exchange(String redirectUri, Sealed.Begun begun, String code) {
        OAuth2AuthorizationRequest request =
                request(redirectUri, begun.state())
                        .attributes(attributes ->
                                attributes.put(PkceParameterNames.CODE_VERIFIER, begun.verifier()))
                        .build();
        OAuth2AuthorizationResponse answer =
                OAuth2AuthorizationResponse.success(code)
                        .redirectUri(redirectUri)
                        .state(begun.state())
                        .build();
        OAuth2AccessTokenResponse response =
                codes.getTokenResponse(
                        new OAuth2AuthorizationCodeGrantRequest(
                                client, new OAuth2AuthorizationExchange(request, answer)));
        Jwt id = idToken(response);
        if (id == null) {
            throw new JwtException("the provider has sent no ID token");
        }
        String nonce = id.getClaimAsString(OidcParameterNames.NONCE);
        if (nonce == null || !same(nonce, hash(begun.nonce()))) {
            throw new JwtException("the ID token was not made for this login (nonce)");
        }
        return new Tokens(id, response);
    }

    /** The verified ID token of an answer, null where there is none. */
    @Nullable Jwt idToken(OAuth2AccessTokenResponse response) {
        Object text = response.getAdditionalParameters().get(OidcParameterNames.ID_TOKEN);
        return text == null ? null : idTokens.decode(text.toString());
    }

    OAuth2AccessTokenResponse refresh(String refreshToken) {
        Instant unknown = Instant.EPOCH;
        return refreshes.getTokenResponse(
                new OAuth2RefreshTokenGrantRequest(
                        client,
                        new OAuth2AccessToken(
                                OAuth2AccessToken.TokenType.BEARER,
                                "expired",
                                unknown,
                                unknown.plusSeconds(1)),
                        new OAuth2RefreshToken(refreshToken, unknown)));
    }

    /** Ends a refresh token (RFC 7009), where the provider can. */
    void revoke(String refreshToken) {
        String endpoint = metadata("revocation_endpoint");
        if (endpoint == null) {
            return;
        }
        LinkedMultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.add("token", refreshToken);
        form.add("token_type_hint", OAuth2ParameterNames.REFRESH_TOKEN);
        boolean open =
                ClientAuthenticationMethod.NONE.equals(client.getClientAuthenticationMethod());
        if (open) {
            form.add(OAuth2ParameterNames.CLIENT_ID, client.getClientId());
        }
        http.post()
                .uri(URI.create(endpoint))
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .headers(headers -> {
                    if (!open) {
                        headers.setBasicAuth(client.getClientId(), client.getClientSecret());
                    }
                })
                .body(form)
                .retrieve()
                .toBodilessEntity();
    }

    /** Where a browser ends its session with the provider, null where it cannot. */
    @Nullable String endSession(String idToken, String back) {
        String endpoint = metadata("end_session_endpoint");
        return endpoint == null
                ? null
                : endpoint
                        + (endpoint.indexOf('?') < 0 ? "?" : "&")
                        + Queries.of(
                                "id_token_hint",
                                idToken,
                                "client_id",
                                client.getClientId(),
                                "post_logout_redirect_uri",
                                back);
    }

    static boolean same(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** The provider sees the hash; whoever steals an ID token does not learn the nonce. */
    static String hash(String text) {
        try {
            return java.util.Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("a JDK has SHA-256", e);
        }
    }
}
