package io.weft.testkit.lab.topology;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.regex.Pattern;

/** Names as Kubernetes allows them. */
final class Names {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    private Names() {}

    static String required(Field field) {
        return check(field, field.required());
    }

    static String orElse(Field field, String otherwise) {
        return field.isPresent() ? check(field, field.text(otherwise)) : otherwise;
    }

    /** A placeholder for what is not a name, which has been reported. */
    static String check(Field field, String name) {
        if (NAME.matcher(name).matches()) {
            return name;
        }
        if (!name.isEmpty()) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + name + "' (expected: lower-case letters, digits, '-')",
                    "write a name as Kubernetes allows it");
        }
        return "invalid";
    }
}
