package io.weft.dataplane.overload;

/** How full the memory is that requests live in. */
public interface MemoryUse {

    /** A kind of memory, by what metrics call it. */
    enum Kind {
        /** The part of the heap where what lives longer is. */
        HEAP,
        /** Buffers outside of the heap. */
        DIRECT
    }

    /** The share of it that is in use, from 0 to 1. */
    double share(Kind kind);

    /**
     * Throws away what nobody needs any more; what is left is in use. May take a tenth of a second.
     */
    void collect();

    /** That of this process. */
    static MemoryUse ofProcess() {
        return new ProcessMemory();
    }
}
