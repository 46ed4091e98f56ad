package io.weft.blog.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;

/**
 * Who may come in: people by form, clients by secret, browsers of the front end by code and PKCE.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    /**
     * Cheap on purpose: the secrets of the demo are no secrets, and scripts ask for tokens often.
     */
    private static final int BCRYPT_STRENGTH = 6;

    @Bean
    PasswordEncoder passwordEncoder() {
        return new BCryptPasswordEncoder(BCRYPT_STRENGTH);
    }

    @Bean
    UserDetailsService people(AuthProperties properties, PasswordEncoder encoder) {
        List<UserDetails> users = new ArrayList<>();
        properties
                .people()
                .forEach((name, person) ->
                        users.add(
                                User.withUsername(name)
                                        .password(encoder.encode(person.password()))
                                        .roles(person.role())
                                        .build()));
        return new InMemoryUserDetailsManager(users);
    }

    @Bean
    RegisteredClientRepository clients(
            AuthProperties properties, PasswordEncoder encoder, SigningKeys keys) {
        List<RegisteredClient> clients = new ArrayList<>();
        clients.add(frontend(properties, keys));
        properties
                .people()
                .forEach((name, person) ->
                        clients.add(script(properties, name, encoder.encode(person.secret()))));
        return new InMemoryRegisteredClientRepository(clients);
    }

    private static RegisteredClient frontend(AuthProperties properties, SigningKeys keys) {
        return RegisteredClient.withId(UUID.randomUUID().toString())
                .clientId("blog-frontend")
                .clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUris(uris -> uris.addAll(properties.redirectUris()))
                .scope(OidcScopes.OPENID)
                .scope(OidcScopes.PROFILE)
                .clientSettings(ClientSettings.builder().requireProofKey(true).build())
                .tokenSettings(
                        TokenSettings.builder()
                                .accessTokenTimeToLive(properties.tokenLifetime())
                                .idTokenSignatureAlgorithm(keys.algorithm())
                                .build())
                .build();
    }

    private static RegisteredClient script(
            AuthProperties properties, String name, String encodedSecret) {
        return RegisteredClient.withId(UUID.randomUUID().toString())
                .clientId(name)
                .clientSecret(encodedSecret)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .tokenSettings(
                        TokenSettings.builder()
                                .accessTokenTimeToLive(properties.tokenLifetime())
                                .build())
                .build();
    }

    /** The protocol's own endpoints; a browser that has not signed in is sent to the form. */
    @Bean
    @Order(1)
    SecurityFilterChain protocol(HttpSecurity http) throws Exception {
        return http.oauth2AuthorizationServer(
                        server -> {
                            http.securityMatcher(server.getEndpointsMatcher());
                            server.oidc(Customizer.withDefaults());
                        })
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .oauth2ResourceServer(resource -> resource.jwt(Customizer.withDefaults()))
                .exceptionHandling(errors ->
                        errors.defaultAuthenticationEntryPointFor(
                                new LoginUrlAuthenticationEntryPoint("/login"),
                                new MediaTypeRequestMatcher(MediaType.TEXT_HTML)))
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain pages(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests ->
                        requests.requestMatchers(
                                        "/",
                                        "/login",
                                        "/pages.css",
                                        "/error",
                                        "/demo/**",
                                        "/actuator/**")
                                .permitAll()
                                .anyRequest()
                                .authenticated())
                .csrf(csrf -> csrf.ignoringRequestMatchers("/demo/**"))
                .headers(headers ->
                        headers.contentSecurityPolicy(policy ->
                                policy.policyDirectives(
                                        "default-src 'none'; style-src 'self';"
                                                + " base-uri 'none'; frame-ancestors 'none'")))
                .formLogin(form -> form.loginPage("/login").permitAll())
                .build();
    }
}
