package io.weft.compiler.diagnostic;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A row of the message table; templates use the verbs {@code %s %v %q %d}. */
record IstioMessage(String id, Level level, String name, String template, String description) {

    private static final Map<String, IstioMessage> TABLE = load();

    static IstioMessage of(String id) {
        return Objects.requireNonNull(TABLE.get(id), id);
    }

    String format(List<Object> arguments) {
        StringBuilder text = new StringBuilder();
        Iterator<Object> next = arguments.iterator();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '%' || i + 1 == template.length()) {
                text.append(c);
                continue;
            }
            boolean quoted = template.charAt(++i) == 'q';
            String value = render(next.next());
            text.append(quoted ? '"' + value + '"' : value);
        }
        return text.toString();
    }

    private static String render(Object value) {
        return value instanceof Collection<?> list
                ? list.stream().map(Object::toString).collect(Collectors.joining(" ", "[", "]"))
                : value.toString();
    }

    private static Map<String, IstioMessage> load() {
        InputStream rows =
                Objects.requireNonNull(
                        IstioMessage.class.getResourceAsStream("istio-messages.tsv"));
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(rows, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(IstioMessage::parse)
                    .collect(Collectors.toUnmodifiableMap(IstioMessage::id, row -> row));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IstioMessage parse(String row) {
        String[] cells = row.split("\t", 5);
        return new IstioMessage(
                cells[0],
                Level.valueOf(cells[1].toUpperCase(Locale.ROOT)),
                cells[2],
                cells[3],
                cells[4]);
    }
}
