/**
 * Policies written at random, decided by the product and by a second, naive reading of the YAML.
 */
@NullMarked
package io.weft.compiler.differential;

import org.jspecify.annotations.NullMarked;
