package io.weft.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;

/**
 * A Spring Authorization Server on a free port. Its people: ada and bob, password as the name. Not
 * below the gateway's package, which the gateway scans.
 */
public final class TestProvider implements AutoCloseable {

    public static final String CLIENT = "weft-gateway";
    public static final String SECRET = "a-client-secret-that-nobody-prints";

    private final ConfigurableApplicationContext context;

    /** What tests change while it runs. */
    public static final class Knobs {
        public final AtomicReference<List<String>> redirectUris =
                new AtomicReference<>(List.of("http://127.0.0.1/none"));
        public final AtomicReference<Duration> accessLife =
                new AtomicReference<>(Duration.ofMinutes(5));
        public final AtomicInteger tokenRequests = new AtomicInteger();
    }

    private final Knobs knobs = new Knobs();

    public TestProvider() {
        context =
                new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.SERVLET)
                        .initializers(c ->
                                ((org.springframework.context.support.GenericApplicationContext) c)
                                        .registerBean(Knobs.class, () -> knobs))
                        .run(
                                "--spring.config.location=optional:classpath:/none/",
                                "--server.address=127.0.0.1",
                                "--server.port=0",
                                "--weft.mesh.enabled=false",
                                "--spring.cloud.gateway.server.webflux.enabled=false",
                                "--spring.cloud.config.enabled=false",
                                "--spring.main.banner-mode=off");
    }

    public Knobs knobs() {
        return knobs;
    }

    public String issuer() {
        return "http://127.0.0.1:"
                + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    @Override
    public void close() {
        context.close();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        UserDetailsService people() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("ada").password("{noop}ada").roles("admin").build(),
                    User.withUsername("bob").password("{noop}bob").roles("reader").build());
        }

        @Bean
        FilterRegistrationBean<jakarta.servlet.Filter> counting(Knobs knobs) {
            FilterRegistrationBean<jakarta.servlet.Filter> counting =
                    new FilterRegistrationBean<>((request, response, chain) -> {
                        if (request instanceof HttpServletRequest http
                                && http.getRequestURI().equals("/oauth2/token")) {
                            knobs.tokenRequests.incrementAndGet();
                        }
                        chain.doFilter(request, response);
                    });
            counting.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return counting;
        }

        @Bean
        RegisteredClientRepository clients(Knobs knobs) {
            String id = UUID.randomUUID().toString();
            return new RegisteredClientRepository() {
                @Override
                public void save(RegisteredClient client) {
                    // Asked for when a better encoding of the secret is known: it stays as it is.
                }

                @Override
                public RegisteredClient findById(String wanted) {
                    return wanted.equals(id) ? client() : null;
                }

                @Override
                public RegisteredClient findByClientId(String wanted) {
                    return wanted.equals(CLIENT) ? client() : null;
                }

                private RegisteredClient client() {
                    return RegisteredClient.withId(id)
                            .clientId(CLIENT)
                            .clientSecret("{noop}" + SECRET)
                            .clientAuthenticationMethod(
                                    ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                            .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                            .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                            .redirectUris(all -> all.addAll(knobs.redirectUris.get()))
                            .postLogoutRedirectUris(all ->
                                    knobs.redirectUris.get().stream()
                                            .map(uri -> uri.replaceAll("/\\.weft.*", "/"))
                                            .forEach(all::add))
                            .scope("openid")
                            .clientSettings(ClientSettings.builder().requireProofKey(true).build())
                            .tokenSettings(
                                    TokenSettings.builder()
                                            .accessTokenTimeToLive(knobs.accessLife.get())
                                            .reuseRefreshTokens(false)
                                            .build())
                            .build();
                }
            };
        }

        @Bean
        JWKSource<SecurityContext> keys() throws JOSEException {
            return new ImmutableJWKSet<>(
                    new JWKSet(
                            new RSAKeyGenerator(2048)
                                    .keyUse(KeyUse.SIGNATURE)
                                    .keyID("one")
                                    .generate()));
        }

        @Bean
        AuthorizationServerSettings settings() {
            return AuthorizationServerSettings.builder().build();
        }

        @Bean
        OAuth2TokenCustomizer<JwtEncodingContext> claims() {
            return context ->
                    context.getClaims()
                            .claim(
                                    "groups",
                                    context.getPrincipal().getName().equals("ada")
                                            ? List.of("admins")
                                            : List.of("readers"));
        }

        @Bean
        @Order(1)
        SecurityFilterChain protocol(HttpSecurity http) throws Exception {
            return http.oauth2AuthorizationServer(
                            server -> {
                                http.securityMatcher(server.getEndpointsMatcher());
                                server.oidc(Customizer.withDefaults());
                            })
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .exceptionHandling(errors ->
                            errors.authenticationEntryPoint(
                                    new LoginUrlAuthenticationEntryPoint("/login")))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain pages(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .csrf(csrf -> csrf.disable())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }
    }
}
