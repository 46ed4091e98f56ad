package io.weft.blog.api;

/**
 * Who wrote an article.
 *
 * @param name the display name, or the id when the user service did not tell
 */
record Author(String id, String name) {}
