package io.weft.compiler.yaml;

import org.jspecify.annotations.Nullable;

/** Ends the reading of a document that is beyond the limits; the line is that of the document. */
final class LimitExceeded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final int line;
    final int column;
    final String mend;
    private final String what;

    LimitExceeded(int line, int column, String what, String mend) {
        super(what, null, false, false);
        this.line = line;
        this.column = column;
        this.what = what;
        this.mend = mend;
    }

    @Override
    public @Nullable String getMessage() {
        return what;
    }

    String what() {
        return what;
    }
}
