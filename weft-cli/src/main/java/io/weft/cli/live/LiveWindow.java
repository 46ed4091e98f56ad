package io.weft.cli.live;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Over which time traffic is summed. */
final class LiveWindow {

    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,2})(s|m)");
    private static final int MAX_SECONDS = 600;

    @Option(
            names = {"-t", "--time-window"},
            description =
                    "Over so much time, as 30s or 5m, at most 10m (default: ${DEFAULT-VALUE}).",
            defaultValue = "1m")
    private String text = "1m";

    int seconds() {
        return seconds(text, "--time-window");
    }

    /** Reads a time of one of a command's options. */
    static int seconds(String text, String option) {
        Matcher matcher = TIME.matcher(text);
        if (matcher.matches()) {
            int number = Integer.parseInt(matcher.group(1));
            int seconds = matcher.group(2).equals("m") ? number * 60 : number;
            if (seconds <= MAX_SECONDS) {
                return seconds;
            }
        }
        throw new CommandProblem(
                ExitCodes.USAGE, option + ": '" + text + "' (expected: 1s to 10m)");
    }
}
