package io.weft.blog.launcher.check;

/**
 * One fact of the acceptance list.
 *
 * @param number item and fact, for example {@code 4.2}
 */
public record CheckRow(String number, String name, boolean passed, String expected, String seen) {}
