package io.weft.config;

import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.config.environment.Environment;
import org.springframework.cloud.config.environment.PropertySource;
import org.springframework.cloud.config.environment.PropertyValueDescriptor;
import org.springframework.cloud.config.server.environment.EnvironmentRepository;
import org.springframework.cloud.config.server.environment.NativeEnvironmentProperties;
import org.springframework.cloud.config.server.environment.NativeEnvironmentRepository;
import org.springframework.cloud.config.server.environment.NoSuchLabelException;
import org.springframework.cloud.config.server.environment.SearchPathLocator;
import org.springframework.cloud.config.server.support.AbstractScmAccessor;
import org.springframework.cloud.config.server.support.AbstractScmAccessorProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.http.HttpStatus;

/**
 * Application properties as the Config Server's own Git backend gives them, but read from a commit
 * instead of a work tree: no lock around a checkout, never half of a commit, uncommitted changes
 * are not served, and the policies and the properties of one commit appear together. Safe for use
 * by many threads.
 */
final class GitEnvironmentRepository extends AbstractScmAccessor
        implements EnvironmentRepository, SearchPathLocator {

    private static final Pattern DOCUMENT = Pattern.compile("\\(document #\\d+\\)");

    private final ConfigurableEnvironment environment;
    private final RepositoryTracker tracker;
    private final Revisions revisions;
    private final CommitCheckouts checkouts;
    private final String displayUri;

    GitEnvironmentRepository(
            ConfigurableEnvironment environment,
            AbstractScmAccessorProperties settings,
            RepositoryTracker tracker,
            Revisions revisions,
            CommitCheckouts checkouts,
            String displayUri) {
        super(environment, settings);
        this.environment = environment;
        this.tracker = tracker;
        this.revisions = revisions;
        this.checkouts = checkouts;
        this.displayUri = displayUri;
    }

    @Override
    public Environment findOne(String application, String profile, @Nullable String label) {
        return findOne(application, profile, label, false);
    }

    @Override
    public Environment findOne(
            String application, String profile, @Nullable String label, boolean includeOrigin) {
        try {
            ObjectId commit = commit(label);
            return checkouts.use(
                    commit,
                    folder -> {
                        NativeEnvironmentRepository loader =
                                new NativeEnvironmentRepository(
                                        environment,
                                        new NativeEnvironmentProperties(),
                                        ObservationRegistry.NOOP);
                        loader.setSearchLocations(
                                searchLocations(folder, application, profile, label));
                        Environment loaded =
                                loader.findOne(application, profile, "", includeOrigin);
                        return named(loaded, folder, label, commit);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Locations getLocations(String application, String profile, @Nullable String label) {
        try {
            ObjectId commit = commit(label);
            return checkouts.use(
                    commit,
                    folder ->
                            new Locations(
                                    application,
                                    profile,
                                    label,
                                    commit.name(),
                                    searchLocations(folder, application, profile, label)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String[] searchLocations(
            Path folder, String application, String profile, @Nullable String label) {
        return getSearchLocations(
                folder.toFile(), application, profile, label == null ? "" : label);
    }

    /**
     * The commit to serve. A client takes "not found" for "there is nothing for you" and starts
     * without its properties, so that answer is given only when it is true.
     */
    private ObjectId commit(@Nullable String label) throws IOException {
        RepositoryState state = tracker.state();
        Bundle head = state.head();
        if (head == null) {
            throw state.empty()
                    ? new ServiceProblem(HttpStatus.CONFLICT, MeshController.EMPTY_REPOSITORY)
                    : new ServiceProblem(
                            HttpStatus.SERVICE_UNAVAILABLE, MeshController.NOTHING_FETCHED);
        }
        if (label == null || label.isBlank()) {
            return ObjectId.fromString(head.commit());
        }
        Optional<ObjectId> commit = revisions.find(label);
        return commit.orElseThrow(() -> new NoSuchLabelException("No such label: " + label));
    }

    /**
     * Names the sources after the repository instead of the folder here; what lies outside the
     * checkout is left out.
     */
    private Environment named(
            Environment loaded, Path folder, @Nullable String label, ObjectId commit) {
        Environment result =
                new Environment(
                        loaded.getName(),
                        loaded.getProfiles(),
                        label,
                        commit.name(),
                        loaded.getState());
        Pattern file =
                Pattern.compile(
                        Pattern.quote(folder.toString())
                                + "/([^\\]'\\\\]+\\.(?:properties|xml|ya?ml))");
        for (PropertySource source : loaded.getPropertySources()) {
            Matcher matcher = file.matcher(source.getName());
            if (!matcher.find() || matcher.group(1).contains("..")) {
                continue;
            }
            Matcher document = DOCUMENT.matcher(source.getName());
            String suffix = document.find() ? " " + document.group() : "";
            String name = displayUri + "/" + matcher.group(1) + suffix;
            result.add(new PropertySource(name, withOrigins(source.getSource(), folder)));
        }
        return result;
    }

    private Map<?, ?> withOrigins(Map<?, ?> values, Path folder) {
        for (Object value : values.values()) {
            if (value instanceof PropertyValueDescriptor descriptor
                    && descriptor.getOrigin() != null) {
                String origin = descriptor.getOrigin();
                descriptor.setOrigin(
                        origin.replace("file:" + folder, displayUri)
                                .replace(folder.toString(), displayUri));
            }
        }
        return values;
    }
}
