package io.weft.dataplane.admin;

import io.weft.model.Secret;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** JSON for people to read: indented, and without what is secret. Thread-safe. */
final class RedactedJson {

    private final JsonMapper mapper =
            JsonMapper.builder()
                    .addModule(
                            new SimpleModule("redaction").addSerializer(Secret.class, new Hidden()))
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    String write(Object value) {
        return mapper.writeValueAsString(value) + "\n";
    }

    private static final class Hidden extends ValueSerializer<Secret> {
        @Override
        public void serialize(Secret value, JsonGenerator out, SerializationContext context) {
            out.writeString(value.toString());
        }
    }
}
