/**
 * The OpenID Connect issuer of the blog, with three people known by name. An ordinary Spring Boot
 * application: nothing here knows of a mesh.
 */
@NullMarked
package io.weft.blog.auth;

import org.jspecify.annotations.NullMarked;
