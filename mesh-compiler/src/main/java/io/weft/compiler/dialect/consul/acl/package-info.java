/** Rules of Consul's access control lists, as far as they are about intentions. */
@NullMarked
package io.weft.compiler.dialect.consul.acl;

import org.jspecify.annotations.NullMarked;
