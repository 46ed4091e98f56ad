package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.mesh.RegexUse.Reading;
import io.weft.compiler.analysis.mesh.RegexUse.Syntax;
import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.Code;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Regular expressions that the dialects read differently (WFT0409): anchored or not, and Rust's
 * language of Linkerd against the RE2 that is run here.
 */
final class RegexDialects implements Check {

    /** Operations on classes, which RE2 takes for the characters themselves. */
    private static final Pattern CLASS_OPERATION =
            Pattern.compile("\\[[^\\]]{0,200}(&&|--|~~|\\[(?!:))");

    /** Unicode's in Rust, ASCII's in RE2. */
    private static final Pattern UNICODE_CLASS = Pattern.compile("(?<!\\\\)\\\\[dDwWsSbB]");

    @Override
    public void run(MeshView mesh, Report report) {
        List<RegexUse> uses = new RegexUses(mesh).all();
        Map<String, RegexUse> wholly = new HashMap<>();
        for (RegexUse use : uses) {
            if (use.reading() == Reading.WHOLE) {
                wholly.putIfAbsent(use.text(), use);
            }
        }
        for (RegexUse use : uses) {
            if (!use.sameAsWhole()) {
                anchors(use, wholly.get(use.text()), report);
            }
            if (use.syntax() == Syntax.RUST) {
                rust(use, report);
            }
        }
    }

    private static void anchors(
            RegexUse use, @org.jspecify.annotations.Nullable RegexUse other, Report report) {
        String reading =
                "'" + use.text() + "': " + use.dialect() + " matches " + use.reading().title();
        String mend =
                use.reading() == Reading.START
                        ? "end it with $, or with .* where more may follow"
                        : "write ^ before it and $ after it";
        if (other == null) {
            report.info(
                    Code.REGEX_DIALECT,
                    use.at(),
                    reading
                            + " and is read so; in Istio, Linkerd and the Gateway API it would have"
                            + " to match the whole value",
                    mend);
        } else {
            report.warn(
                    Code.REGEX_DIALECT,
                    use.at(),
                    reading
                            + ", but "
                            + other.dialect()
                            + " matches the whole value by the same expression ("
                            + other.at().location().file()
                            + ":"
                            + other.at().location().line()
                            + "): what only begins alike is treated differently",
                    mend);
        }
    }

    private static void rust(RegexUse use, Report report) {
        Matcher operation = CLASS_OPERATION.matcher(use.text());
        Matcher unicode = UNICODE_CLASS.matcher(use.text());
        if (operation.find()) {
            report.warn(
                    Code.REGEX_DIALECT,
                    use.at(),
                    "'"
                            + use.text()
                            + "': '"
                            + Objects.requireNonNull(operation.group(1))
                            + "' combines classes in "
                            + use.syntax().title()
                            + ", in which Linkerd reads it; here it is RE2, which takes it for"
                            + " characters",
                    "write the class out");
        } else if (!use.asciiOnly() && unicode.find()) {
            report.info(
                    Code.REGEX_DIALECT,
                    use.at(),
                    "'"
                            + use.text()
                            + "': "
                            + unicode.group()
                            + " is Unicode's in "
                            + use.syntax().title()
                            + ", in which Linkerd reads it; here it is RE2, where it is ASCII's",
                    "name the characters");
        }
    }
}
