/**
 * Gateway routes into the mesh ({@code uri: mesh://…}), and the mesh routes that the actuator
 * shows.
 */
@NullMarked
package io.weft.spring.route;

import org.jspecify.annotations.NullMarked;
