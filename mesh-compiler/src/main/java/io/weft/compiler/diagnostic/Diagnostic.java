package io.weft.compiler.diagnostic;

/**
 * One finding about the configuration.
 *
 * @param kind of the resource, empty where the file could not be read that far
 * @param namespace empty where the resource has none
 * @param fieldPath for example {@code spec.http[0].route[1].weight}, empty for the whole resource
 * @param file path in the repository, empty for what no file states
 * @param line 1-based, 0 when not known
 * @param column 1-based, 0 when not known
 * @param value the value as written, empty when there is none
 * @param message what is wrong, with the value
 * @param mend what to do; empty when nothing needs to be done
 */
public record Diagnostic(
        DiagnosticCode code,
        Level level,
        String kind,
        String namespace,
        String name,
        String fieldPath,
        String file,
        int line,
        int column,
        String value,
        String message,
        String mend) {

    /** A value or a text of which only the beginning is shown. */
    private static final int LONG = 1_000;

    public Diagnostic {
        value = shortened(value);
        message = shortened(message);
    }

    private static String shortened(String text) {
        return text.length() <= LONG
                ? text
                : text.substring(0, LONG) + "… (" + text.length() + " characters)";
    }

    /** Whether this refuses the commit. */
    public boolean isError() {
        return level == Level.ERROR;
    }

    /**
     * One line: {@code Error [WFT0101] (VirtualService blog/api mesh/a.yaml:75) spec.x: … (mend:
     * …)}.
     */
    public String format() {
        StringBuilder text = new StringBuilder(level.title());
        text.append(" [").append(code.id()).append("] (").append(subject()).append(") ");
        if (!fieldPath.isEmpty()) {
            text.append(fieldPath).append(": ");
        }
        text.append(message);
        if (!mend.isEmpty()) {
            text.append(" (mend: ").append(mend).append(')');
        }
        return text.toString();
    }

    private String subject() {
        StringBuilder text = new StringBuilder();
        if (!kind.isEmpty()) {
            text.append(kind).append(' ');
            if (!namespace.isEmpty()) {
                text.append(namespace).append('/');
            }
            text.append(name.isEmpty() ? "(no name)" : name).append(' ');
        }
        text.append(file);
        if (line > 0) {
            text.append(':').append(line);
            if (kind.isEmpty() && column > 0) {
                text.append(':').append(column);
            }
        }
        return text.toString().strip();
    }

    @Override
    public String toString() {
        return format();
    }
}
