package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.ResourceParser;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code jsonFormat} of access logs: a JSON object of texts in a text. */
final class JsonLine {

    private JsonLine() {}

    static Map<String, String> read(Field format) {
        Diagnostics problems = new Diagnostics();
        Field object = new ResourceParser(problems).embedded(format);
        if (object == null || !object.isMapping() || !problems.all().isEmpty()) {
            format.error(
                    Code.INVALID_VALUE, "not a JSON object", "write {\"name\": \"%OPERATOR%\"}");
            return Map.of();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        object.entries().forEach((name, value) -> fields.put(name, value.loose().orElse("")));
        return fields;
    }
}
