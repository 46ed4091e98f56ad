/** The intermediate representation that every dialect compiles to. No framework, no I/O. */
@NullMarked
package io.weft.model;

import org.jspecify.annotations.NullMarked;
