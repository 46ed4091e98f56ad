/**
 * Consul's discovery chain: from a service's router, splitters and resolvers to nodes and targets,
 * with redirects, subsets and failover. Knows neither files nor the mesh's own model.
 */
@NullMarked
package io.weft.compiler.dialect.consul.chain;

import org.jspecify.annotations.NullMarked;
