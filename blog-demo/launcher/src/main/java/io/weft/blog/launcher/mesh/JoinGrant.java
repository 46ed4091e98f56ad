package io.weft.blog.launcher.mesh;

import io.weft.model.Secret;

/**
 * What a proxy needs to join the mesh.
 *
 * @param address of the join port
 * @param caPem roots by which the control plane is known
 */
public record JoinGrant(String address, String caPem, Secret token, String trustDomain) {}
