package io.weft.dataplane.codec;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Headers in the order in which they came, in one array: a message has few, and a hash table of
 * linked entries costs several times as much heap. Names compare without regard to case; names and
 * values are checked as the library checks its own (RFC 9110 §5). Not thread-safe.
 */
public final class FlatHeaders extends HttpHeaders {

    /** For decoders; there are no arrays before the first header. */
    public static final HttpHeadersFactory FACTORY =
            new HttpHeadersFactory() {
                @Override
                public HttpHeaders newHeaders() {
                    return new FlatHeaders();
                }

                @Override
                public HttpHeaders newEmptyHeaders() {
                    return new FlatHeaders();
                }
            };

    private static final CharSequence[] NONE = {};

    /** Of requests within the mesh most have no more. */
    private static final int FIRST_CAPACITY = 10;

    /** Name, value, name, value … */
    private CharSequence[] pairs = NONE;

    private int size;

    /**
     * A bit for each kind of name there is or was: a proxy asks for many headers that are seldom
     * there, and most of them end here.
     */
    private long kinds;

    // --- the array

    /** Names that are the same but for case have the same kind. */
    private static long kind(CharSequence name) {
        int length = name.length();
        return length == 0 ? 0 : 1L << 5 * length + (name.charAt(length - 1) & 0x1f);
    }

    private int find(CharSequence name, int from) {
        if ((kinds & kind(name)) == 0) {
            return -1;
        }
        for (int i = from; i < size; i++) {
            if (isSame(pairs[2 * i], name)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isSame(CharSequence one, CharSequence other) {
        return one == other
                || one.length() == other.length()
                        && AsciiString.contentEqualsIgnoreCase(one, other);
    }

    private void append(CharSequence name, CharSequence value) {
        validate(name, value);
        if (2 * size == pairs.length) {
            pairs = Arrays.copyOf(pairs, size == 0 ? 2 * FIRST_CAPACITY : 4 * size);
        }
        pairs[2 * size] = name;
        pairs[2 * size + 1] = value;
        size++;
        kinds |= kind(name);
    }

    private static void validate(CharSequence name, CharSequence value) {
        if (name.isEmpty() || HttpHeaderValidationUtil.validateToken(name) >= 0) {
            throw new IllegalArgumentException(
                    "header name: '" + name + "' (expected: a token of RFC 9110)");
        }
        if (HttpHeaderValidationUtil.validateValidHeaderValue(value) >= 0) {
            throw new IllegalArgumentException(
                    "value of header " + name + " (expected: no control characters)");
        }
    }

    /** Takes all of the name out, except what stands before {@code from}. */
    private void removeFrom(CharSequence name, int from) {
        int to = find(name, from);
        if (to < 0) {
            return;
        }
        for (int i = to + 1; i < size; i++) {
            if (!isSame(pairs[2 * i], name)) {
                pairs[2 * to] = pairs[2 * i];
                pairs[2 * to + 1] = pairs[2 * i + 1];
                to++;
            }
        }
        Arrays.fill(pairs, 2 * to, 2 * size, null);
        size = to;
    }

    private static CharSequence text(Object value) {
        return switch (value) {
            case CharSequence text -> text;
            case Date date -> DateFormatter.format(date);
            default -> value.toString();
        };
    }

    // --- reading

    @Override
    public @Nullable String get(CharSequence name) {
        int at = find(name, 0);
        return at < 0 ? null : pairs[2 * at + 1].toString();
    }

    @Override
    public @Nullable String get(String name) {
        return get((CharSequence) name);
    }

    @Override
    public @Nullable Integer getInt(CharSequence name) {
        Long value = number(name);
        return value == null || value != value.intValue() ? null : value.intValue();
    }

    @Override
    public int getInt(CharSequence name, int otherwise) {
        Integer value = getInt(name);
        return value == null ? otherwise : value;
    }

    @Override
    public @Nullable Short getShort(CharSequence name) {
        Long value = number(name);
        return value == null || value != value.shortValue() ? null : value.shortValue();
    }

    @Override
    public short getShort(CharSequence name, short otherwise) {
        Short value = getShort(name);
        return value == null ? otherwise : value;
    }

    private @Nullable Long number(CharSequence name) {
        String value = get(name);
        try {
            return value == null ? null : Long.valueOf(value);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public @Nullable Long getTimeMillis(CharSequence name) {
        String value = get(name);
        Date date = value == null ? null : DateFormatter.parseHttpDate(value);
        return date == null ? null : date.getTime();
    }

    @Override
    public long getTimeMillis(CharSequence name, long otherwise) {
        Long value = getTimeMillis(name);
        return value == null ? otherwise : value;
    }

    @Override
    public List<String> getAll(CharSequence name) {
        int at = find(name, 0);
        if (at < 0) {
            return List.of();
        }
        int second = find(name, at + 1);
        if (second < 0) {
            return List.of(pairs[2 * at + 1].toString());
        }
        List<String> all = new ArrayList<>();
        for (; at >= 0; at = find(name, at + 1)) {
            all.add(pairs[2 * at + 1].toString());
        }
        return all;
    }

    @Override
    public List<String> getAll(String name) {
        return getAll((CharSequence) name);
    }

    @Override
    public List<Map.Entry<String, String>> entries() {
        List<Map.Entry<String, String>> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(
                    new AbstractMap.SimpleImmutableEntry<>(
                            pairs[2 * i].toString(), pairs[2 * i + 1].toString()));
        }
        return all;
    }

    @Override
    public boolean contains(CharSequence name) {
        return find(name, 0) >= 0;
    }

    @Override
    public boolean contains(String name) {
        return find(name, 0) >= 0;
    }

    @Override
    public boolean contains(CharSequence name, CharSequence value, boolean ignoreCase) {
        for (int at = find(name, 0); at >= 0; at = find(name, at + 1)) {
            CharSequence own = pairs[2 * at + 1];
            if (ignoreCase
                    ? AsciiString.contentEqualsIgnoreCase(own, value)
                    : AsciiString.contentEquals(own, value)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean contains(String name, String value, boolean ignoreCase) {
        return contains((CharSequence) name, value, ignoreCase);
    }

    @Override
    public Iterator<Map.Entry<String, String>> iterator() {
        return entries().iterator();
    }

    /** Its entries are one object that moves on: nobody may keep them. */
    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iteratorCharSequence() {
        return new Cursor();
    }

    @Override
    public Iterator<String> valueStringIterator(CharSequence name) {
        return getAll(name).iterator();
    }

    @Override
    public Iterator<CharSequence> valueCharSequenceIterator(CharSequence name) {
        return new Values(name);
    }

    @Override
    public boolean isEmpty() {
        return size == 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < size; i++) {
            names.add(pairs[2 * i].toString());
        }
        return names;
    }

    // --- changing

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        append(name, text(value));
        return this;
    }

    @Override
    public HttpHeaders add(String name, Object value) {
        return add((CharSequence) name, value);
    }

    @Override
    public HttpHeaders add(CharSequence name, Iterable<?> values) {
        values.forEach(value -> append(name, text(value)));
        return this;
    }

    @Override
    public HttpHeaders add(String name, Iterable<?> values) {
        return add((CharSequence) name, values);
    }

    @Override
    public HttpHeaders addInt(CharSequence name, int value) {
        return add(name, Integer.toString(value));
    }

    @Override
    public HttpHeaders addShort(CharSequence name, short value) {
        return add(name, Short.toString(value));
    }

    @Override
    public HttpHeaders set(CharSequence name, Object value) {
        CharSequence text = text(value);
        int at = find(name, 0);
        if (at < 0) {
            append(name, text);
        } else {
            validate(name, text);
            pairs[2 * at] = name;
            pairs[2 * at + 1] = text;
            removeFrom(name, at + 1);
        }
        return this;
    }

    @Override
    public HttpHeaders set(String name, Object value) {
        return set((CharSequence) name, value);
    }

    @Override
    public HttpHeaders set(CharSequence name, Iterable<?> values) {
        removeFrom(name, 0);
        return add(name, values);
    }

    @Override
    public HttpHeaders set(String name, Iterable<?> values) {
        return set((CharSequence) name, values);
    }

    @Override
    public HttpHeaders setInt(CharSequence name, int value) {
        return set(name, Integer.toString(value));
    }

    @Override
    public HttpHeaders setShort(CharSequence name, short value) {
        return set(name, Short.toString(value));
    }

    @Override
    public HttpHeaders remove(CharSequence name) {
        removeFrom(name, 0);
        return this;
    }

    @Override
    public HttpHeaders remove(String name) {
        return remove((CharSequence) name);
    }

    @Override
    public HttpHeaders clear() {
        Arrays.fill(pairs, 0, 2 * size, null);
        size = 0;
        kinds = 0;
        return this;
    }

    @Override
    public HttpHeaders copy() {
        FlatHeaders copy = new FlatHeaders();
        copy.pairs = pairs.length == 0 ? NONE : pairs.clone();
        copy.size = size;
        copy.kinds = kinds;
        return copy;
    }

    /** Iterator and entry in one. */
    private final class Cursor
            implements Iterator<Map.Entry<CharSequence, CharSequence>>,
                    Map.Entry<CharSequence, CharSequence> {
        private int at = -1;

        @Override
        public boolean hasNext() {
            return at + 1 < size;
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            at++;
            return this;
        }

        @Override
        public CharSequence getKey() {
            return pairs[2 * at];
        }

        @Override
        public CharSequence getValue() {
            return pairs[2 * at + 1];
        }

        @Override
        public CharSequence setValue(CharSequence value) {
            CharSequence before = getValue();
            validate(getKey(), value);
            pairs[2 * at + 1] = value;
            return before;
        }
    }

    private final class Values implements Iterator<CharSequence> {
        private final CharSequence name;
        private int at;

        Values(CharSequence name) {
            this.name = name;
            this.at = find(name, 0);
        }

        @Override
        public boolean hasNext() {
            return at >= 0;
        }

        @Override
        public CharSequence next() {
            if (at < 0) {
                throw new NoSuchElementException();
            }
            CharSequence value = pairs[2 * at + 1];
            at = find(name, at + 1);
            return value;
        }
    }
}
