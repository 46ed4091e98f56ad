/**
 * What the compiler has to say about a configuration: stable codes, places and mends. Knows no YAML
 * and no dialect.
 */
@NullMarked
package io.weft.compiler.diagnostic;

import org.jspecify.annotations.NullMarked;
