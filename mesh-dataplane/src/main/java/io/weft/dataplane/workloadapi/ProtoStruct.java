package io.weft.dataplane.workloadapi;

import io.weft.dataplane.codec.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** JSON values as {@code google.protobuf.Struct}. */
final class ProtoStruct {

    private ProtoStruct() {}

    static ProtoWriter of(Map<?, ?> members) {
        ProtoWriter struct = new ProtoWriter();
        members.forEach((name, value) ->
                struct.message(
                        1,
                        new ProtoWriter().text(1, String.valueOf(name)).message(2, value(value))));
        return struct;
    }

    private static ProtoWriter value(Object value) {
        ProtoWriter out = new ProtoWriter();
        return switch (value) {
            case Number number -> out.chosen(2, number.doubleValue());
            case Boolean truth -> out.chosen(4, truth ? 1 : 0);
            case Map<?, ?> map -> out.message(5, of(map));
            case List<?> list -> {
                ProtoWriter values = new ProtoWriter();
                list.forEach(each -> values.message(1, value(each)));
                yield out.message(6, values);
            }
            default -> out.bytes(3, value.toString().getBytes(StandardCharsets.UTF_8));
        };
    }
}
