package io.weft.testkit.lab.control;

import io.weft.model.Origin;
import io.weft.model.Secret;
import io.weft.testkit.lab.mesh.LabProblem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.type.LogicalType;

/** JSON as the control API writes and reads it. */
final class Json {

    /**
     * Origins in one line, secrets not at all. A field that nobody knows is refused, and so is what
     * has another type than the field; only where a text is expected, a number stands for its text.
     */
    static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .withCoercionConfig(
                            LogicalType.Textual,
                            to ->
                                    to.setCoercion(
                                                    CoercionInputShape.Integer,
                                                    CoercionAction.TryConvert)
                                            .setCoercion(
                                                    CoercionInputShape.Float,
                                                    CoercionAction.TryConvert))
                    .addModule(
                            new SimpleModule("lab")
                                    .addSerializer(Secret.class, new Redacted())
                                    .addSerializer(Origin.class, new Described()))
                    .build();

    private Json() {}

    /**
     * Reads an order; a body without content is an empty order.
     *
     * @throws LabProblem with the field's path when it is not one
     */
    static <T> T read(String body, Class<T> type) {
        try {
            T order = MAPPER.readValue(body.isBlank() ? "{}" : body, type);
            if (order == null) {
                throw new LabProblem("body: null (expected: a JSON object)");
            }
            return order;
        } catch (UnrecognizedPropertyException unknown) {
            Collection<Object> known = unknown.getKnownPropertyIds();
            throw new LabProblem(
                    path(unknown)
                            + ": not a field here (expected: one of "
                            + (known == null ? List.of() : known.stream().sorted().toList())
                            + ")");
        } catch (MismatchedInputException mismatch) {
            throw new LabProblem(
                    path(mismatch)
                            + ": not of its type (expected: "
                            + typeName(mismatch.getTargetType())
                            + ")");
        } catch (JacksonException e) {
            throw new LabProblem("body: not JSON: " + firstLine(e.getOriginalMessage()));
        }
    }

    /** For example {@code headers[0][1]}; {@code body} for the whole. */
    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.isEmpty() ? "body" : path.toString();
    }

    private static String typeName(@org.jspecify.annotations.Nullable Class<?> type) {
        if (type == null) {
            return "another";
        }
        if (type == Integer.class || type == Long.class) {
            return "a whole number";
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a text";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return Map.class.isAssignableFrom(type) || type.isRecord() ? "an object" : type.getName();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }

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
