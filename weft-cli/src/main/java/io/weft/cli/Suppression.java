package io.weft.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code CODE=KIND NAME.NAMESPACE}, as istioctl's {@code -S}; {@code *} stands for anything. */
record Suppression(Pattern code, Pattern resource) {

    boolean covers(Finding finding) {
        String subject = finding.kind() + " " + finding.name();
        String full = finding.namespace().isEmpty() ? subject : subject + "." + finding.namespace();
        return code.matcher(finding.code()).matches() && resource.matcher(full).matches();
    }

    static Suppression parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new TypeConversionException(
                    "'"
                            + text
                            + "' (expected: CODE=KIND NAME.NAMESPACE, for example WFT0301=DestinationRule blog-api.blog)");
        }
        return new Suppression(glob(text.substring(0, equals)), glob(text.substring(equals + 1)));
    }

    private static Pattern glob(String text) {
        return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"));
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<Suppression> {
        @Override
        public Suppression convert(String text) {
            return parse(text);
        }
    }
}
