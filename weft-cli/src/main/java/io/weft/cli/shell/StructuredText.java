package io.weft.cli.shell;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Plain values (maps, lists, texts, numbers) as JSON or YAML. */
public final class StructuredText {

    private StructuredText() {}

    public static String json(Object value) {
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    /** In block style; texts are quoted as in JSON, which YAML reads as well. */
    public static String yaml(Object value) {
        StringBuilder text = new StringBuilder();
        block(value, 0, text);
        return text.toString().stripTrailing();
    }

    private static void block(Object value, int indent, StringBuilder text) {
        String margin = " ".repeat(indent);
        switch (value) {
            case Map<?, ?> map when !map.isEmpty() ->
                    map.forEach((name, member) -> {
                        text.append(margin).append(key(String.valueOf(name))).append(':');
                        nested(member, indent + 2, text);
                    });
            case List<?> list when !list.isEmpty() -> {
                for (Object item : list) {
                    StringBuilder inner = new StringBuilder();
                    block(item, indent + 2, inner);
                    text.append(margin).append("- ").append(inner.toString().stripLeading());
                }
            }
            default -> text.append(margin).append(scalar(value)).append('\n');
        }
    }

    private static void nested(Object value, int indent, StringBuilder text) {
        boolean deep =
                value instanceof Map<?, ?> map && !map.isEmpty()
                        || value instanceof List<?> list && !list.isEmpty();
        if (deep) {
            text.append('\n');
            block(value, indent, text);
        } else {
            text.append(' ').append(scalar(value)).append('\n');
        }
    }

    private static String key(String name) {
        return name.matches("[A-Za-z][A-Za-z0-9_-]*") ? name : scalar(name);
    }

    private static String scalar(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }
}
