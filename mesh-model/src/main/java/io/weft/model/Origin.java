package io.weft.model;

/**
 * The place in the configuration that an element of the model comes from.
 *
 * <p>The commit is not part of it: it belongs to the snapshot that holds the element, so that an
 * element that a commit does not touch keeps its content hash and is not pushed again.
 *
 * @param kind the resource's kind, for example {@code AuthorizationPolicy}
 * @param namespace empty where the resource has none
 * @param file path in the repository, empty for built-in defaults
 * @param line 1-based line of the deciding field, 0 for built-in defaults
 */
public record Origin(
        Dialect dialect, String kind, String namespace, String name, String file, int line) {

    public Origin {
        if (line < 0) {
            throw new IllegalArgumentException("line: " + line + " (expected: >= 0)");
        }
    }

    /** A default of the mesh that no file states; {@code what} says which. */
    public static Origin builtIn(String what) {
        return new Origin(Dialect.WEFT, "Default", "", what, "", 0);
    }

    /** The same resource at another line. */
    public Origin at(int otherLine) {
        return new Origin(dialect, kind, namespace, name, file, otherLine);
    }

    /** Whether this is a default that no file states. */
    public boolean isBuiltIn() {
        return file.isEmpty();
    }

    /** {@code Kind namespace/name file:line}, as people read it in logs and answers. */
    public String describe() {
        StringBuilder text = new StringBuilder(kind).append(' ');
        if (!namespace.isEmpty()) {
            text.append(namespace).append('/');
        }
        text.append(name);
        if (!file.isEmpty()) {
            text.append(' ').append(file).append(':').append(line);
        }
        return text.toString();
    }
}
