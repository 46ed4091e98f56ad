package io.weft.model.resource;

/**
 * The answer to a subscription for a host that the mesh does not know (yet).
 *
 * @param name {@code host:port} as asked
 */
public record UnknownHost(String name) implements MeshResource {

    @Override
    public String key() {
        return ResourceKeys.routes(name);
    }
}
