package io.weft.engine.balance;

/** A 64-bit hash of strings, equal in every process: FNV-1a, then mixed so that all bits count. */
final class Hash {

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Hash() {}

    static long of(String text) {
        return of(text, 0);
    }

    static long of(String text, long seed) {
        long hash = OFFSET ^ mix(seed);
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return mix(hash);
    }

    static long of(byte[] bytes) {
        long hash = OFFSET;
        for (byte value : bytes) {
            hash = (hash ^ (value & 0xff)) * PRIME;
        }
        return mix(hash);
    }

    /** Finalizer of MurmurHash3. */
    private static long mix(long value) {
        long hash = value;
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }
}
