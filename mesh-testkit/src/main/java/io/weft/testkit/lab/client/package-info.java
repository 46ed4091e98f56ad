/** A client that sends what it is told, byte for byte, and tells what came back. Knows no mesh. */
@NullMarked
package io.weft.testkit.lab.client;

import org.jspecify.annotations.NullMarked;
