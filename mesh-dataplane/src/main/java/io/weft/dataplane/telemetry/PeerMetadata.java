package io.weft.dataplane.telemetry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar tells of its workload to the sidecar it calls, in a header between the two: only
 * for telemetry, never for a decision. Namespace and identity come from the certificate instead.
 *
 * <p>The calling sidecar sets the header on mesh connections and takes away what its application
 * sent under the name; the called one believes it over mTLS only and takes it away before the
 * application. A value that is not known is empty.
 */
public record PeerMetadata(
        String workload,
        String app,
        String version,
        String canonicalService,
        String canonicalRevision,
        String cluster) {

    /** The header's name. */
    public static final String HEADER = "x-weft-peer";

    public static final PeerMetadata UNKNOWN = new PeerMetadata("", "", "", "", "", "");

    private static final int PARTS = 6;
    private static final int MAX_PART = 128;

    /**
     * From a workload's labels, as Istio finds the canonical names.
     *
     * @param cluster empty for none
     */
    public static PeerMetadata of(String workload, Map<String, String> labels, String cluster) {
        return new PeerMetadata(
                workload,
                labels.getOrDefault("app", ""),
                labels.getOrDefault("version", ""),
                canonicalService(workload, labels),
                canonicalRevision(labels),
                cluster);
    }

    static String canonicalService(String workload, Map<String, String> labels) {
        return first(
                labels,
                workload,
                "service.istio.io/canonical-name",
                "app.kubernetes.io/name",
                "app");
    }

    static String canonicalRevision(Map<String, String> labels) {
        return first(
                labels,
                "latest",
                "service.istio.io/canonical-revision",
                "app.kubernetes.io/version",
                "version");
    }

    private static String first(Map<String, String> labels, String fallback, String... names) {
        for (String name : names) {
            String value = labels.get(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return fallback;
    }

    /** Cheap: it is asked for with every request, and the workload tells most peers apart. */
    @Override
    public int hashCode() {
        return 31 * workload.hashCode() + version.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof PeerMetadata that
                        && workload.equals(that.workload)
                        && app.equals(that.app)
                        && version.equals(that.version)
                        && canonicalService.equals(that.canonicalService)
                        && canonicalRevision.equals(that.canonicalRevision)
                        && cluster.equals(that.cluster);
    }

    /** The header's value: the parts in order, separated by semicolons. */
    public String format() {
        return String.join(
                ";",
                clean(workload),
                clean(app),
                clean(version),
                clean(canonicalService),
                clean(canonicalRevision),
                clean(cluster));
    }

    /** Reads the header; {@link #UNKNOWN} for anything that is not well formed. Never throws. */
    public static PeerMetadata parse(CharSequence value) {
        if (value.length() > PARTS * (MAX_PART + 1)) {
            return UNKNOWN;
        }
        String[] parts = value.toString().split(";", -1);
        if (parts.length != PARTS) {
            return UNKNOWN;
        }
        for (String part : parts) {
            if (part.length() > MAX_PART || !part.equals(clean(part))) {
                return UNKNOWN;
            }
        }
        return new PeerMetadata(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }

    /** Names and label values of Kubernetes only; what else it holds is left out. */
    private static String clean(String part) {
        boolean good = part.length() <= MAX_PART;
        for (int i = 0; good && i < part.length(); i++) {
            char c = part.charAt(i);
            good =
                    c >= 'a' && c <= 'z'
                            || c >= 'A' && c <= 'Z'
                            || c >= '0' && c <= '9'
                            || c == '-'
                            || c == '.'
                            || c == '_'
                            || c == '/'
                            || c == ':';
        }
        return good ? part : "";
    }
}
