/**
 * What istioctl's and linkerd's users know, replayed: columns, exit codes, formats, with a score.
 */
@NullMarked
package io.weft.cli.conformance;

import org.jspecify.annotations.NullMarked;
