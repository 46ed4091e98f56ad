package io.weft.blog.launcher;

import java.io.PrintStream;

/** Tells how far the start has come, a line for each step. Thread-safe. */
final class Progress {

    private final PrintStream out;
    private final boolean terminal;
    private final long start = System.nanoTime();

    Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** What goes on now; replaced by the next line on a terminal, left out elsewhere. */
    synchronized void doing(String what) {
        if (terminal) {
            out.print("\r\u001b[K" + seconds() + "  " + what + " …");
            out.flush();
        }
    }

    /** What is done. */
    synchronized void done(String what) {
        out.println((terminal ? "\r\u001b[K" : "") + seconds() + "  " + what);
        out.flush();
    }

    /** Leaves the line free for something else. */
    synchronized void clear() {
        if (terminal) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }

    private String seconds() {
        return "%5.1f s".formatted((System.nanoTime() - start) / 1e9);
    }
}
