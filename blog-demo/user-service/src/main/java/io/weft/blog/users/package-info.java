/**
 * The users of the blog, over gRPC and JSON on one port. An ordinary Spring Boot application:
 * nothing here knows of a mesh.
 */
@NullMarked
package io.weft.blog.users;

import org.jspecify.annotations.NullMarked;
