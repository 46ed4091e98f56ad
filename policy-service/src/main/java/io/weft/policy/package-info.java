/**
 * The control plane as a Spring Boot application: wiring and properties; no decisions live here.
 */
@NullMarked
package io.weft.policy;

import org.jspecify.annotations.NullMarked;
