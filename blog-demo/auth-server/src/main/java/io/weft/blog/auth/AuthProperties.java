package io.weft.blog.auth;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who there is and what tokens say.
 *
 * @param issuer the {@code iss} of every token, whatever address the server is reached at
 * @param audience the {@code aud} of every access token
 * @param tokenLifetime how long an access token is good for
 * @param algorithm RS256 or ES256, for keys made at start; a key file decides for itself
 * @param keyFile a private JSON Web Key to sign with, or nothing: then one is made at start
 * @param redirectUris where a browser may be sent back to after signing in
 * @param demo opens {@code /demo/**}, where keys are rotated and any token is made
 * @param people by their user names
 */
@ConfigurationProperties("blog.auth")
record AuthProperties(
        String issuer,
        String audience,
        Duration tokenLifetime,
        KeyAlgorithm algorithm,
        @Nullable String keyFile,
        List<String> redirectUris,
        boolean demo,
        Map<String, Person> people) {

    /** Which kind of key is made at start. */
    enum KeyAlgorithm {
        RS256,
        ES256
    }

    /**
     * Somebody who can sign in, and for whom a script can get a token as a confidential client of
     * the same name.
     *
     * @param password for signing in
     * @param secret of the client
     * @param role the {@code role} claim
     */
    record Person(String password, String secret, String role) {

        @Override
        public String toString() {
            return "Person[password=***, secret=***, role=" + role + "]";
        }
    }

    AuthProperties {
        redirectUris = List.copyOf(redirectUris);
        people = Map.copyOf(people);
    }
}
