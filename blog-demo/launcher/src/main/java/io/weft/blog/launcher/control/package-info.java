/** Config-service and policy-service: how they start, die and answer. */
@NullMarked
package io.weft.blog.launcher.control;

import org.jspecify.annotations.NullMarked;
