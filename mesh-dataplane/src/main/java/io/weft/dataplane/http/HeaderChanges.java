package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.model.route.HeaderOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiled header operations. */
final class HeaderChanges {

    private final Change[] changes;

    private record Change(HeaderOp op, @Nullable HeaderTemplate template) {}

    private HeaderChanges(Change[] changes) {
        this.changes = changes;
    }

    static HeaderChanges compile(List<HeaderOp> ops) {
        return new HeaderChanges(ops.stream().map(HeaderChanges::compile).toArray(Change[]::new));
    }

    private static Change compile(HeaderOp op) {
        return switch (op) {
            case HeaderOp.Set(var name, var value) -> new Change(op, HeaderTemplate.compile(value));
            case HeaderOp.Add(var name, var value) -> new Change(op, HeaderTemplate.compile(value));
            case HeaderOp.Remove remove -> new Change(op, null);
        };
    }

    boolean isEmpty() {
        return changes.length == 0;
    }

    void apply(Exchange exchange, HttpHeaders headers) {
        for (Change change : changes) {
            String name = change.op.name();
            if (name.startsWith(":") || name.equals("host")) {
                continue; // The authority is changed by a rewrite.
            }
            switch (change.op) {
                case HeaderOp.Set op -> headers.set(name, value(exchange, change));
                case HeaderOp.Add op -> headers.add(name, value(exchange, change));
                case HeaderOp.Remove op -> headers.remove(name);
            }
        }
    }

    private static String value(Exchange exchange, Change change) {
        return change.template == null ? "" : change.template.value(exchange);
    }

    /** Operations whose values are taken as they are. */
    static void applyLiterally(List<HeaderOp> ops, HttpHeaders headers) {
        if (ops.isEmpty()) {
            return;
        }
        for (HeaderOp op : ops) {
            switch (op) {
                case HeaderOp.Set(var name, var value) -> headers.set(name, value);
                case HeaderOp.Add(var name, var value) -> headers.add(name, value);
                case HeaderOp.Remove(var name) -> headers.remove(name);
            }
        }
    }
}
