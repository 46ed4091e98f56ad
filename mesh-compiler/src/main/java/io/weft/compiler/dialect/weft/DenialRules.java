package io.weft.compiler.dialect.weft;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.listener.Denials;
import org.jspecify.annotations.Nullable;

/** Reads what a {@code RequestPolicy} says to those who are refused. */
final class DenialRules {

    private static final int MAX_BODY = 16 << 10;

    private DenialRules() {}

    static @Nullable Denials read(Field spec) {
        Field denials = spec.get("denials");
        if (!denials.isPresent()) {
            return null;
        }
        Field form = denials.get("form");
        String text = form.text("problem");
        if (!text.equals("problem") && !text.equals("text")) {
            form.reportValue(text, "problem, text");
        }
        return new Denials(
                text.equals("text") ? Denials.Form.TEXT : Denials.Form.PROBLEM,
                denials.get("showPolicy").bool(false),
                body(denials.get("unauthorized")),
                body(denials.get("forbidden")),
                denials.origin());
    }

    private static Denials.@Nullable Body body(Field field) {
        if (!field.isPresent()) {
            return null;
        }
        String type = field.get("contentType").text("text/plain");
        if (!type.matches("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(; ?[A-Za-z0-9=._-]+)?")) {
            field.get("contentType").reportValue(type, "a media type, for example text/html");
        }
        String text = field.get("body").required();
        if (text.length() > MAX_BODY) {
            field.get("body")
                    .error(
                            Code.INVALID_VALUE,
                            "body: " + text.length() + " characters (expected: <= 16384)",
                            "shorten it, and link to the rest");
        }
        return new Denials.Body(type, text);
    }
}
