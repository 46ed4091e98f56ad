/**
 * Configuration from Git: Spring Cloud Config Server for application properties, and the policy
 * tree below {@code mesh/} as one bundle per commit. Knows Git, HTTP and Spring; knows nothing of
 * what a policy means.
 */
@NullMarked
package io.weft.config;

import org.jspecify.annotations.NullMarked;
