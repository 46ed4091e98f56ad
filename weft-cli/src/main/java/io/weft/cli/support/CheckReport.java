package io.weft.cli.support;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.weft.cli.shell.Style;
import java.util.ArrayList;
import java.util.List;

/**
 * What a check found, by category, printed as Linkerd prints it.
 *
 * @param success whether nothing failed; warnings are no failure
 */
record CheckReport(boolean success, List<Category> categories) {

    /** What belongs together. */
    record Category(String categoryName, List<Check> checks) {
        Category {
            checks = List.copyOf(checks);
        }
    }

    /**
     * One check.
     *
     * @param hint where more is said; empty for a success
     * @param error what is wrong; empty for a success
     * @param result {@code success}, {@code warning} or {@code error}
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Check(String description, String hint, String error, String result) {

        static Check good(String description) {
            return new Check(description, "", "", "success");
        }

        static Check warning(String description, String error, String hint) {
            return new Check(description, hint, error, "warning");
        }

        static Check bad(String description, String error, String hint) {
            return new Check(description, hint, error, "error");
        }
    }

    CheckReport {
        categories = List.copyOf(categories);
    }

    static CheckReport of(List<Category> categories) {
        boolean success =
                categories.stream()
                        .flatMap(each -> each.checks().stream())
                        .noneMatch(each -> each.result().equals("error"));
        return new CheckReport(success, categories);
    }

    /** All lines up to the last one. */
    List<String> lines(Style style, boolean onlyTroubles) {
        List<String> lines = new ArrayList<>();
        for (Category category : categories) {
            List<Check> shown =
                    category.checks().stream()
                            .filter(each -> !onlyTroubles || !each.result().equals("success"))
                            .toList();
            if (shown.isEmpty()) {
                continue;
            }
            lines.add(category.categoryName());
            lines.add("-".repeat(category.categoryName().length()));
            for (Check each : shown) {
                lines.add(mark(each, style) + " " + each.description());
                if (!each.error().isEmpty()) {
                    lines.add("    " + each.error());
                }
                if (!each.hint().isEmpty()) {
                    lines.add("    see " + each.hint() + " for hints");
                }
            }
            lines.add("");
        }
        return lines;
    }

    String lastLine(Style style) {
        return "Status check results are " + (success ? style.green("√") : style.red("×"));
    }

    private static String mark(Check each, Style style) {
        return switch (each.result()) {
            case "success" -> style.green("√");
            case "warning" -> style.yellow("‼");
            default -> style.red("×");
        };
    }
}
