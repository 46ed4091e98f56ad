/**
 * The articles of the blog as a reactive JSON API over MongoDB. An ordinary Spring Boot
 * application: nothing here knows of a mesh.
 */
@NullMarked
package io.weft.blog.api;

import org.jspecify.annotations.NullMarked;
