/**
 * The echo application: answers with what it received, byte for byte, and misbehaves when told to.
 * It knows no mesh.
 */
@NullMarked
package io.weft.testkit.echo;

import org.jspecify.annotations.NullMarked;
