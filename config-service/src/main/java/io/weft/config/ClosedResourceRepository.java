package io.weft.config;

import org.springframework.cloud.config.server.resource.NoSuchResourceException;
import org.springframework.cloud.config.server.resource.ResourceRepository;
import org.springframework.core.io.Resource;

/**
 * Serves no file at all: the default, for whole files are where every path traversal of the Config
 * Server has been.
 */
final class ClosedResourceRepository implements ResourceRepository {

    @Override
    public Resource findOne(String name, String profile, String label, String path) {
        throw new NoSuchResourceException("plain-text resources are closed");
    }
}
