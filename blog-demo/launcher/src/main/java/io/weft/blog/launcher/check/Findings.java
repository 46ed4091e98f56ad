package io.weft.blog.launcher.check;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Collects the rows of one item. For one thread. */
final class Findings {

    private static final int LONGEST_SEEN = 160;

    private final int item;
    private final Consumer<CheckRow> rows;
    private int count;

    Findings(int item, Consumer<CheckRow> rows) {
        this.item = item;
        this.rows = rows;
    }

    /** A fact that is to be exactly this. */
    void equal(String name, Object expected, Callable<?> question) throws InterruptedException {
        that(
                name,
                String.valueOf(expected),
                () -> {
                    Object seen = question.call();
                    return new Seen(Objects.equals(expected, seen), String.valueOf(seen));
                });
    }

    /** A fact that is judged by the question itself. */
    void that(String name, String expected, Callable<Seen> question) throws InterruptedException {
        Seen seen;
        try {
            seen = question.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            seen = Seen.failed(describe(e));
        }
        add(name, expected, seen);
    }

    private void add(String name, String expected, Seen seen) {
        count++;
        rows.accept(
                new CheckRow(
                        item + "." + count, name, seen.passed(), expected, shorten(seen.text())));
    }

    /** The item could not be followed to its end. */
    void broke(Exception e) {
        add("the check runs to its end", "no failure", Seen.failed(describe(e)));
    }

    private static String describe(Exception e) {
        String message = e.getMessage() == null ? "" : ": " + e.getMessage();
        return e.getClass().getSimpleName() + message;
    }

    private static String shorten(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_SEEN ? line : line.substring(0, LONGEST_SEEN - 1) + "…";
    }

    /** What was seen, and whether it will do. */
    record Seen(boolean passed, String text) {

        static Seen of(boolean passed, Object text) {
            return new Seen(passed, String.valueOf(text));
        }

        static Seen failed(String text) {
            return new Seen(false, text);
        }
    }
}
