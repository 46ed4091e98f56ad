/**
 * YAML of several dialects becomes the intermediate representation: {@link MeshCompiler} for a
 * whole commit, {@link WorkloadConfigBuilder} for one workload. Nothing here decides about
 * requests.
 */
@NullMarked
package io.weft.compiler;

import org.jspecify.annotations.NullMarked;
