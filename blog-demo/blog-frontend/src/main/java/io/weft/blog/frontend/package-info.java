/**
 * The pages of the blog, made from what blog-api and user-service answer. An ordinary Spring Boot
 * application: nothing here knows of a mesh.
 */
@NullMarked
package io.weft.blog.frontend;

import org.jspecify.annotations.NullMarked;
