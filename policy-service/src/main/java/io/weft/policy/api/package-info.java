/**
 * The API and page for people, on the web port: reads the control plane, changes next to nothing.
 */
@NullMarked
package io.weft.policy.api;

import org.jspecify.annotations.NullMarked;
