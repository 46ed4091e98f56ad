package io.weft.compiler.policytest;

import io.weft.model.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must become of a request; what is null or empty is not asked.
 *
 * @param status of a refusal or of an answer by the proxy itself; 0 when not asked
 * @param decidedBy the policy that must decide; null when not asked
 * @param route the routing rule that must be taken; null when not asked
 * @param shares who must get how much, by weight; one destination alone must get everything
 * @param path after rewriting, as the callee sees it; empty when not asked
 * @param origin the line of the expectation
 */
public record TestExpectation(
        @Nullable Decision decision,
        int status,
        @Nullable ResourceName decidedBy,
        @Nullable ResourceName route,
        List<ExpectedShare> shares,
        String path,
        Origin origin) {

    /** How a request ends, in the words of the YAML. */
    public enum Decision {
        ALLOWED("allowed"),
        DENIED("denied"),
        /** The caller's proxy answers itself: a redirect, a fixed answer, an injected fault. */
        ANSWERED("answered"),
        NO_ROUTE("no-route"),
        /** An external authoriser would have to be asked. */
        ASKS_EXTERNAL("asks-external");

        private final String text;

        Decision(String text) {
            this.text = text;
        }

        /** As it is written. */
        public String text() {
            return text;
        }
    }

    /**
     * A resource by kind and name, for example {@code AuthorizationPolicy blog/blog-api}.
     *
     * @param namespace empty where the resource has none, as the mesh's own defaults
     */
    public record ResourceName(String kind, String namespace, String name) {

        /** Whether this is where an element comes from. */
        public boolean covers(Origin origin) {
            return origin.kind().equals(kind)
                    && origin.name().equals(name)
                    && origin.namespace().equals(namespace);
        }

        @Override
        public String toString() {
            return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
        }
    }

    /**
     * A destination and its weight among all of the route.
     *
     * @param host fully qualified, or short and looked up from the test's namespace
     * @param subset empty for none
     * @param port 0 when not asked
     */
    public record ExpectedShare(String host, String subset, int port, int weight) {}

    public TestExpectation {
        shares = List.copyOf(shares);
    }
}
