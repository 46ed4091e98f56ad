package io.weft.model.resource;

/** The keys by which resources are told apart on the stream: {@code type/name}. */
public final class ResourceKeys {

    /** The key of the only {@link WorkloadConfig}. */
    public static final String WORKLOAD = "workload";

    private ResourceKeys() {}

    /** {@code name} is {@code host:port}, or {@code gateway:port} for a gateway's own tables. */
    public static String routes(String name) {
        return "routes/" + name;
    }

    public static String cluster(String name) {
        return "cluster/" + name;
    }

    public static String endpoints(String name) {
        return "endpoints/" + name;
    }

    public static String jwks(String name) {
        return "jwks/" + name;
    }

    public static String certificate(String name) {
        return "certificate/" + name;
    }

    public static String trust(String trustDomain) {
        return "trust/" + trustDomain;
    }
}
