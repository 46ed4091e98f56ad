package io.weft.login;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Logins by host. Keeps nothing of anybody: all of a session is in the browser's cookies, sealed.
 * Answers at once unless a provider has to be asked. Thread-safe.
 */
public final class Logins implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Login> logins;

    /**
     * @throws IllegalArgumentException when two logins have one name
     */
    public Logins(List<LoginSettings> settings, CookieKeys keys, InstantSource clock) {
        if (settings.stream().map(LoginSettings::name).distinct().count() < settings.size()) {
            throw new IllegalArgumentException("logins: two have one name (expected: different)");
        }
        this.logins = settings.stream().map(one -> new Login(one, keys, clock, threads)).toList();
    }

    /** What becomes of the request; the first login that serves its host decides. */
    public CompletionStage<LoginOutcome> admit(LoginRequest request) {
        String host = request.host();
        for (Login login : logins) {
            if (login.serves(host)) {
                return login.admit(request);
            }
        }
        return CompletableFuture.completedFuture(LoginOutcome.UNTOUCHED);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
