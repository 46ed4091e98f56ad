/**
 * The static resources of the blog, with caching and ranges. An ordinary Spring Boot application:
 * nothing here knows of a mesh.
 */
@NullMarked
package io.weft.blog.files;

import org.jspecify.annotations.NullMarked;
