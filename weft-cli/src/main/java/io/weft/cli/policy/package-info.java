/**
 * Commands about what policies mean for a workload or for two of them: authz, authn, describe,
 * intention, troubleshoot. The control plane and the engine decide; these ask and print.
 */
@NullMarked
package io.weft.cli.policy;

import org.jspecify.annotations.NullMarked;
