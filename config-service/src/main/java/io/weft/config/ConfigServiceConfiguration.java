package io.weft.config;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.servlet.Filter;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.jgit.api.TransportConfigCallback;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.cloud.config.server.environment.MultipleJGitEnvironmentProperties;
import org.springframework.cloud.config.server.resource.ResourceRepository;
import org.springframework.cloud.config.server.support.GitCredentialsProviderFactory;
import org.springframework.cloud.config.server.support.TransportConfigCallbackFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/** Wires the service. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConfigServiceProperties.class)
@Import({ProblemAdvice.class, ProblemErrorController.class})
class ConfigServiceConfiguration {

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Bean
    GitUri gitUri(ConfigServiceProperties properties) {
        return GitUri.parse(properties.git().uri());
    }

    @Bean
    BaseDirectory baseDirectory(MultipleJGitEnvironmentProperties git) {
        File configured = git.getBasedir();
        return BaseDirectory.open(configured == null ? null : configured.toPath());
    }

    @Bean
    GitSource gitSource(
            GitUri uri,
            BaseDirectory base,
            ConfigServiceProperties properties,
            MultipleJGitEnvironmentProperties git)
            throws IOException {
        // Otherwise the first look at a file waits until the resolution of its time stamps has been
        // measured.
        FS.FileStoreAttributes.setBackground(true);
        return switch (uri) {
            case GitUri.Local local ->
                    LocalGitSource.open(local.folder(), properties.git().defaultLabel());
            case GitUri.Remote remote ->
                    RemoteGitSource.open(
                            remoteSettings(remote, properties, git),
                            base.path().resolve("mirror.git"));
        };
    }

    private static RemoteGitSource.Settings remoteSettings(
            GitUri.Remote remote,
            ConfigServiceProperties properties,
            MultipleJGitEnvironmentProperties git) {
        String user = remote.user() == null ? git.getUsername() : remote.user();
        Secret password = remote.password();
        git.setUri(remote.display());
        TransportConfigCallback ssh = remote.display().startsWith("http") ? null : ssh(git);
        return new RemoteGitSource.Settings(
                remote.display(),
                properties.git().defaultLabel(),
                git.getTimeout(),
                new GitCredentialsProviderFactory()
                        .createFor(
                                remote.display(),
                                user,
                                password == null ? emptyIfUser(user, git) : password.value(),
                                git.getPassphrase(),
                                git.isSkipSslValidation()),
                ssh);
    }

    private static TransportConfigCallback ssh(MultipleJGitEnvironmentProperties git) {
        // The Config Server takes a missing host key for "trust whoever answers".
        if (git.isIgnoreLocalSshSettings()
                && git.isStrictHostKeyChecking()
                && git.getHostKey() == null) {
            throw new ConfigurationProblem(
                    "spring.cloud.config.server.git.host-key: not set (expected: the key of the Git"
                            + " server, as a line of known_hosts has it, and host-key-algorithm; or"
                            + " strict-host-key-checking=false to trust any server)");
        }
        return new TransportConfigCallbackFactory(null, null).build(git);
    }

    /** A token given as the user alone is a user with an empty password. */
    private static @Nullable String emptyIfUser(
            @Nullable String user, MultipleJGitEnvironmentProperties git) {
        return git.getPassword() == null && user != null ? "" : git.getPassword();
    }

    @Bean
    HeadSignal headSignal() {
        return new HeadSignal();
    }

    /** Before the web server waits for the requests under way, the endless ones must end. */
    @Bean
    ApplicationListener<ContextClosedEvent> endOfWatching(HeadSignal signal) {
        return event -> signal.close();
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    RepositoryTracker repositoryTracker(
            GitSource source,
            HeadSignal signal,
            ConfigServiceProperties properties,
            InstantSource clock) {
        return new RepositoryTracker(source, signal, properties.pollInterval(), clock);
    }

    @Bean
    Revisions revisions(GitSource source) {
        return new Revisions(source.repository());
    }

    @Bean
    GitEnvironmentRepository gitEnvironmentRepository(
            ConfigurableEnvironment environment,
            MultipleJGitEnvironmentProperties git,
            BaseDirectory base,
            GitSource source,
            GitUri uri,
            RepositoryTracker tracker,
            Revisions revisions,
            ConfigServiceProperties properties) {
        git.setBasedir(base.path().toFile());
        git.setUri(uri.display());
        return new GitEnvironmentRepository(
                environment,
                git,
                tracker,
                revisions,
                new CommitCheckouts(
                        source.repository(), base.fresh("checkouts"), properties.plainText()),
                uri.display());
    }

    /** Without one of our own, the Config Server would open whole files to everybody. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(
            name = "weft.config.plain-text",
            havingValue = "false",
            matchIfMissing = true)
    static class PlainTextClosed {

        @Bean
        ResourceRepository resourceRepository() {
            return new ClosedResourceRepository();
        }
    }

    @Bean
    MeshController meshController(
            RepositoryTracker tracker,
            Revisions revisions,
            GitSource source,
            ConfigServiceProperties properties,
            InstantSource clock) {
        return new MeshController(
                tracker,
                revisions,
                new BundleReader(source.repository()),
                secret(properties.webhook().secret()).map(WebhookSignature::new),
                new RateLimit(60, Duration.ofSeconds(1), clock));
    }

    @Bean
    WatchController watchController(HeadSignal signal, ConfigServiceProperties properties) {
        return new WatchController(signal, properties.watch().heartbeat());
    }

    @Bean
    FilterRegistrationBean<Filter> requestGuard(ConfigServiceProperties properties) {
        FilterRegistrationBean<Filter> registration =
                new FilterRegistrationBean<>(
                        new RequestGuard(
                                new PathRules(properties.plainText()),
                                secret(properties.accessToken())));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        registration.addUrlPatterns("/*");
        return registration;
    }

    @Bean
    MeshRepositoryHealthIndicator meshRepositoryHealthIndicator(
            RepositoryTracker tracker, InstantSource clock) {
        return new MeshRepositoryHealthIndicator(tracker, clock);
    }

    @Bean
    MeterBinder configServiceMeters(
            RepositoryTracker tracker, WatchController watch, InstantSource clock) {
        return registry -> bind(registry, tracker, watch, clock);
    }

    private static void bind(
            MeterRegistry registry,
            RepositoryTracker tracker,
            WatchController watch,
            InstantSource clock) {
        FunctionCounter.builder("weft.config.reads", tracker, RepositoryTracker::fetches)
                .description("Times the repository was read or fetched")
                .register(registry);
        FunctionCounter.builder("weft.config.read.failures", tracker, RepositoryTracker::failures)
                .description("Times that failed")
                .register(registry);
        Gauge.builder("weft.config.last.success.age", tracker, t -> age(t, clock))
                .description("Since the repository was last read without an error")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("weft.config.watchers", watch, WatchController::watchers)
                .description("Watchers of the head")
                .register(registry);
    }

    private static double age(RepositoryTracker tracker, InstantSource clock) {
        Instant last = tracker.state().lastSuccess();
        return last == null ? Double.NaN : Duration.between(last, clock.instant()).toMillis() / 1e3;
    }

    private static Optional<Secret> secret(String value) {
        return value.isBlank() ? Optional.empty() : Optional.of(new Secret(value));
    }
}
