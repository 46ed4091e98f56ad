package io.weft.policy.ca;

import io.weft.model.wire.MeshCodec;
import io.weft.policy.state.StartFailure;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authority's document in its vault: opened, changed against other replicas, read again. What
 * is in use is always a document that was read whole. Thread-safe; blocks.
 */
final class AuthorityStore {

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityStore.class);
    private static final int TRIES = 10;

    private final AuthorityVault vault;
    private final AuthorityMaker maker;
    private final MeshCodec codec = new MeshCodec();
    private String text;
    private AuthorityDocument document;

    private AuthorityStore(AuthorityVault vault, AuthorityMaker maker, Opened opened) {
        this.vault = vault;
        this.maker = maker;
        this.text = opened.text;
        this.document = opened.document;
    }

    /**
     * Opens it, and makes it on the first start. An authority that is supplied and has a root that
     * is not known yet is announced: from there on it is a rotation like any other.
     *
     * @throws StartFailure when it cannot be used
     */
    static AuthorityStore open(
            CaSettings settings, StateDirectory directory, AuthorityMaker maker, Instant now) {
        AuthorityVault vault =
                settings.vault() != null ? settings.vault() : new DirectoryVault(directory);
        CaSettings.Supplied supplied = settings.supplied();
        try {
            for (int attempt = 0; attempt < TRIES; attempt++) {
                Optional<String> before = vault.read();
                AuthorityDocument next;
                if (supplied != null) {
                    AuthorityKeys keys = AuthorityReader.read(supplied);
                    AuthorityRules.requireUsable(keys, supplied.where(), now);
                    next = before.map(t -> taking(parse(vault, t), keys, now)).orElse(first(keys));
                } else if (before.isPresent()) {
                    next = parse(vault, before.get());
                } else {
                    AuthorityKeys keys =
                            AuthorityReader.legacy(directory).orElseGet(() -> maker.make(now));
                    AuthorityRules.requireUsable(keys, vault.where(), now);
                    next = first(keys);
                }
                AuthorityStore store = stored(vault, maker, before, next);
                if (store != null) {
                    store.requireUsable(now);
                    return store;
                }
            }
        } catch (IOException e) {
            throw new StartFailure(
                    "certificate authority: "
                            + vault.where()
                            + " cannot be used ("
                            + StateDirectory.reason(e)
                            + ")",
                    e);
        }
        throw new StartFailure("certificate authority: " + vault.where() + " changes all the time");
    }

    private static AuthorityDocument first(AuthorityKeys keys) {
        return AuthorityDocument.first(StoredAuthority.of(keys));
    }

    private static @org.jspecify.annotations.Nullable AuthorityStore stored(
            AuthorityVault vault,
            AuthorityMaker maker,
            Optional<String> before,
            AuthorityDocument next)
            throws IOException {
        String text = write(next);
        boolean same = before.isPresent() && before.get().equals(text);
        return same || vault.replace(before, text)
                ? new AuthorityStore(vault, maker, new Opened(text, next))
                : null;
    }

    /** What a supplied authority makes of the document. */
    private static AuthorityDocument taking(
            AuthorityDocument known, AuthorityKeys supplied, Instant now) {
        StoredAuthority stored = StoredAuthority.of(supplied);
        StoredAuthority next = known.next();
        if (stored.equals(known.current()) || stored.equals(next)) {
            return known;
        }
        AuthorityKeys current = known.current().keys();
        Optional<X509Certificate> root = AuthorityRules.root(current);
        if (next == null
                && (current.signing().equals(supplied.signing())
                        || root.filter(supplied.roots()::contains).isPresent())) {
            return known.with(stored, null);
        }
        if (known.phase() == RotationPhase.SWITCHED) {
            throw new StartFailure(
                    "certificate authority: another one is supplied while a rotation has switched"
                            + " (expected: finish it first, weft ca rotate)");
        }
        LOG.warn("another certificate authority is supplied: its root is announced");
        return known.announced(stored, now);
    }

    private static AuthorityDocument parse(AuthorityVault vault, String text) {
        try {
            return new MeshCodec().read(text, AuthorityDocument.class);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new StartFailure(
                    "certificate authority: "
                            + vault.where()
                            + " cannot be read ("
                            + e.getMessage()
                            + "; expected: what was written; restore it from a backup)",
                    e);
        }
    }

    private static String write(AuthorityDocument document) {
        return new String(new MeshCodec().write(document), StandardCharsets.UTF_8);
    }

    private void requireUsable(Instant now) {
        try {
            renewAging(now);
            if (document.tokens() == null) {
                change(AuthorityDocument::withTokens);
            }
            AuthorityRules.requireUsable(document.current().keys(), vault.where(), now);
            if (document.next() != null) {
                AuthorityRules.requireUsable(document.next().keys(), vault.where(), now);
            }
        } catch (IllegalArgumentException e) {
            throw new StartFailure(
                    "certificate authority: "
                            + vault.where()
                            + " cannot be read ("
                            + e.getMessage()
                            + ")",
                    e);
        } catch (IOException e) {
            throw new StartFailure(
                    "certificate authority: "
                            + vault.where()
                            + " cannot be written ("
                            + StateDirectory.reason(e)
                            + ")",
                    e);
        }
    }

    synchronized AuthorityDocument document() {
        return document;
    }

    String where() {
        return vault.where();
    }

    /**
     * Reads again what another replica may have changed.
     *
     * @return whether it has
     * @throws IOException when it cannot be read; what is in use stays
     */
    synchronized boolean refresh() throws IOException {
        String found = vault.read().orElse("");
        if (found.equals(text)) {
            return false;
        }
        try {
            AuthorityDocument read = codec.read(found, AuthorityDocument.class);
            read.current().keys();
            if (read.next() != null) {
                read.next().keys();
            }
            if (read.tokens() != null) {
                read.tokens().all();
            }
            text = found;
            document = read;
            return true;
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new IOException(vault.where() + ": not readable: " + e.getMessage(), e);
        }
    }

    /**
     * Changes the document, whoever else does so at the same time.
     *
     * @throws IOException when it cannot be written; nothing has changed
     */
    synchronized void change(UnaryOperator<AuthorityDocument> step) throws IOException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            refresh();
            AuthorityDocument next = step.apply(document);
            if (next.equals(document)) {
                return;
            }
            String nextText = write(next);
            if (replaced(nextText)) {
                text = nextText;
                document = next;
                return;
            }
        }
        throw new IOException(vault.where() + ": other replicas change it all the time");
    }

    private boolean replaced(String nextText) throws IOException {
        try {
            return vault.replace(Optional.of(text), nextText);
        } catch (IOException e) {
            String reason = StateDirectory.reason(e);
            throw new IOException(vault.where() + ": cannot be written (" + reason + ")", e);
        }
    }

    /** Renews intermediates that near their end; false when none does. */
    synchronized boolean renewAging(Instant now) throws IOException {
        List<StoredAuthority> all =
                document.next() == null
                        ? List.of(document.current())
                        : List.of(document.current(), document.next());
        if (all.stream().noneMatch(each -> AuthorityMaker.isAging(each.keys(), now))) {
            return false;
        }
        change(known ->
                known.with(
                        renewed(known.current(), now),
                        known.next() == null ? null : renewed(known.next(), now)));
        return true;
    }

    private StoredAuthority renewed(StoredAuthority stored, Instant now) {
        AuthorityKeys keys = stored.keys();
        return AuthorityMaker.isAging(keys, now)
                ? StoredAuthority.of(maker.renewed(keys, now))
                : stored;
    }

    private record Opened(String text, AuthorityDocument document) {}
}
