package io.weft.engine.balance;

/** Chooses among the available endpoints of one group. Thread-safe. */
@FunctionalInterface
interface Chooser {

    /** The chosen endpoint; the hash counts for consistent hashing only. */
    Member choose(long hash);
}
