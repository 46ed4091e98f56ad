package io.weft.testkit.lab.control;

import io.weft.model.Origin;
import io.weft.model.Secret;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** JSON as the control API writes and reads it. */
final class Json {

    /** Origins in one line, secrets not at all; a field that nobody knows is refused. */
    static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .addModule(
                            new SimpleModule("lab")
                                    .addSerializer(Secret.class, new Redacted())
                                    .addSerializer(Origin.class, new Described()))
                    .build();

    private Json() {}

    private static final class Redacted extends StdSerializer<Secret> {
        Redacted() {
            super(Secret.class);
        }

        @Override
        public void serialize(Secret value, JsonGenerator out, SerializationContext context) {
            out.writeString(value.reveal().isEmpty() ? "" : "[redacted]");
        }
    }

    private static final class Described extends StdSerializer<Origin> {
        Described() {
            super(Origin.class);
        }

        @Override
        public void serialize(Origin value, JsonGenerator out, SerializationContext context) {
            out.writeString(value.describe());
        }
    }
}
