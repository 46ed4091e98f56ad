/**
 * Files become resources whose every field knows its file, line and column. Knows no dialect: what
 * fields mean is said elsewhere.
 */
@NullMarked
package io.weft.compiler.yaml;

import org.jspecify.annotations.NullMarked;
