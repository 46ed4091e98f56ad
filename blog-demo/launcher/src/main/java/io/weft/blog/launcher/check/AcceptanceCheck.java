package io.weft.blog.launcher.check;

/** One item of the acceptance list. It asks a running demo and leaves it as it was. */
interface AcceptanceCheck {

    /** Its number in the list. */
    int item();

    /** What it is about, in a few words. */
    String title();

    /**
     * Finds out. What it throws counts as a failed row of its own.
     *
     * @param findings takes a row for each fact
     */
    void run(CheckedDemo demo, Findings findings) throws Exception;
}
