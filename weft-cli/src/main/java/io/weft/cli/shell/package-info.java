/**
 * What every command needs to speak with people and scripts: exit codes, problems in one line,
 * tables, colours, JSON and YAML. Knows no command and no mesh.
 */
@NullMarked
package io.weft.cli.shell;

import org.jspecify.annotations.NullMarked;
