package io.weft.blog.api;

/** One thing that is wrong with what a client sent. */
record Violation(String field, String message) {}
