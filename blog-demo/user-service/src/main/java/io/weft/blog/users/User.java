package io.weft.blog.users;

import java.util.regex.Pattern;

/**
 * Somebody who reads, writes or edits the blog.
 *
 * @param id lower-case letters, digits and dashes, at most 40
 * @param displayName the name shown to readers, at most 80 characters
 * @param role what the user may do
 * @param bio a sentence about the user, possibly empty, at most 400 characters
 */
record User(String id, String displayName, Role role, String bio) {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    User {
        if (!ID.matcher(id).matches()) {
            throw new InvalidUserException(
                    "id: " + id + " (expected: at most 40 lower-case letters, digits and dashes)");
        }
        if (displayName.isBlank() || displayName.length() > 80) {
            throw new InvalidUserException(
                    "displayName: " + displayName + " (expected: 1 to 80 characters)");
        }
        if (bio.length() > 400) {
            throw new InvalidUserException(
                    "bio: " + bio.length() + " characters (expected: at most 400)");
        }
    }
}
