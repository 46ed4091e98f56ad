package io.weft.login;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What cookies hold. Each names its use, so that none can stand in for another. */
sealed interface Sealed {

    JsonMapper JSON = JsonMapper.builder().build();

    String use();

    String login();

    String host();

    /** Seconds since 1970. */
    long ends();

    /**
     * A login that was begun.
     *
     * @param target path and query to go back to
     */
    record Begun(
            String use,
            String login,
            String host,
            long ends,
            String state,
            String nonce,
            String verifier,
            String target)
            implements Sealed {

        static final String USE = "begun";

        @Override
        public String toString() {
            return "Begun[" + login + ", " + host + "]";
        }
    }

    /**
     * Somebody who is logged in.
     *
     * @param subject of the ID token
     * @param token what is forwarded
     * @param tokenEnds when it has to be refreshed, seconds since 1970
     * @param idToken to be shown at logout
     */
    record Session(
            String use,
            String login,
            String host,
            long ends,
            String subject,
            String token,
            long tokenEnds,
            @Nullable String refresh,
            @Nullable String idToken)
            implements Sealed {

        static final String USE = "session";

        String idTokenOrToken() {
            return idToken == null ? token : idToken;
        }

        @Override
        public String toString() {
            return "Session[" + login + ", " + host + ", " + subject + "]";
        }
    }

    default String seal(CookieKeys keys) {
        return keys.seal(JSON.writeValueAsString(this));
    }

    static @Nullable Begun begun(
            CookieKeys keys, String sealed, String login, String host, long now) {
        Begun begun = read(keys, sealed, Begun.class);
        return begun != null && isFor(begun, Begun.USE, login, host, now) ? begun : null;
    }

    static @Nullable Session session(
            CookieKeys keys, String sealed, String login, String host, long now) {
        Session session = read(keys, sealed, Session.class);
        return session != null && isFor(session, Session.USE, login, host, now) ? session : null;
    }

    private static boolean isFor(Sealed sealed, String use, String login, String host, long now) {
        return sealed.use().equals(use)
                && sealed.login().equals(login)
                && sealed.host().equals(host)
                && sealed.ends() > now;
    }

    private static <T extends Sealed> @Nullable T read(
            CookieKeys keys, String sealed, Class<T> type) {
        String text = keys.open(sealed);
        if (text == null) {
            return null;
        }
        try {
            return JSON.readValue(text, type);
        } catch (JacksonException e) {
            return null; // Sealed by us, but of another version or another use.
        }
    }
}
