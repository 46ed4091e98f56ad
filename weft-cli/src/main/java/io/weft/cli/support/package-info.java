/**
 * Commands for whoever runs a mesh: check, dashboard, bug-report, check-inject. They gather what
 * the control plane and manifests say; nothing is changed.
 */
@NullMarked
package io.weft.cli.support;

import org.jspecify.annotations.NullMarked;
