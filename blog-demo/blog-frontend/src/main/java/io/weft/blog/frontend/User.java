package io.weft.blog.frontend;

/** A user as user-service tells it. */
record User(String id, String displayName, String role, String bio) {}
