package io.weft.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Refuses, before anything is started, a configuration that would be open to strangers or serve
 * something other than Git.
 */
final class StartupCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /** Profiles by which the Config Server switches on its other backends. */
    private static final Set<String> OTHER_BACKENDS =
            Set.of(
                    "native",
                    "subversion",
                    "vault",
                    "jdbc",
                    "redis",
                    "credhub",
                    "composite",
                    "awss3",
                    "awsparamstore",
                    "awssecretsmanager",
                    "secretmanager",
                    "mongo");

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        for (String profile : environment.getActiveProfiles()) {
            if (OTHER_BACKENDS.contains(profile)) {
                throw new ConfigurationProblem(
                        "spring.profiles.active: "
                                + profile
                                + " (expected: no backend of the Config Server other than Git)");
            }
        }
        if (!isLoopback(environment)
                && environment.getProperty("weft.config.access-token", "").isBlank()) {
            throw new ConfigurationProblem(
                    "server.address: "
                            + environment.getProperty("server.address", "")
                            + " (expected: a loopback address; or set weft.config.access-token, so that"
                            + " not everybody can read the configuration)");
        }
        if (environment.getProperty("management.server.port") != null) {
            throw new ConfigurationProblem(
                    "management.server.port: "
                            + environment.getProperty("management.server.port")
                            + " (expected: not set; a second port would not be guarded)");
        }
        GitUri uri = GitUri.parse(environment.getProperty("weft.config.git.uri", ""));
        if (uri instanceof GitUri.Local local && !allowsFile(environment)) {
            throw new ConfigurationProblem(
                    "weft.config.git.uri: "
                            + local.display()
                            + " (expected: a Git server; or set weft.config.git.allow-file=true, for"
                            + " the service is not bound to loopback)");
        }
    }

    private static boolean allowsFile(Environment environment) {
        return environment.getProperty(
                "weft.config.git.allow-file", Boolean.class, isLoopback(environment));
    }

    private static boolean isLoopback(Environment environment) {
        String address = environment.getProperty("server.address", "");
        if (address.isBlank()) {
            return false; // Tomcat takes that for every address.
        }
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ConfigurationProblem(
                    "server.address: " + address + " (expected: an address of this machine)");
        }
    }
}
