package io.weft.compiler.dialect.consul.chain;

import io.weft.model.Origin;

/** Entries that make no chain together. The message is Consul's own. */
public final class ChainException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Origin origin;
    private final String mend;

    ChainException(String message, Origin origin, String mend) {
        super(message);
        this.origin = origin;
        this.mend = mend;
    }

    /** The entry that is wrong, as far as one is. */
    public Origin origin() {
        return origin;
    }

    public String mend() {
        return mend;
    }
}
