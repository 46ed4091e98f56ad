package io.weft.compiler.yaml;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * A parser that ends a document beyond the limits as it reads it, before nodes are made of it:
 * memory and stack stay bounded, whatever the text.
 */
final class LimitedParser implements Parser {

    /** Levels of mappings and lists. */
    static final int MAX_DEPTH = 100;

    /** Scalars, mappings and lists of a document, aliases not followed. */
    static final int MAX_VALUES = 500_000;

    /** Characters of one value; Kubernetes stores no object of more than 1.5 MiB. */
    static final int MAX_SCALAR = 1_572_864;

    private final Parser parser;
    private final Deque<Event> open = new ArrayDeque<>();
    private final Map<Anchor, Event> anchored = new HashMap<>();
    private int values;

    LimitedParser(Parser parser) {
        this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event.getEventId()) {
            case SequenceStart, MappingStart -> {
                open.push(event);
                values++;
                remember(event);
                if (open.size() > MAX_DEPTH) {
                    throw beyond(
                            event,
                            "nested too deeply (expected: at most " + MAX_DEPTH + " levels)",
                            "flatten the document");
                }
            }
            case SequenceEnd, MappingEnd -> open.pop();
            case Alias -> {
                // A merge of a mapping into itself would never end.
                if (open.contains(anchored.get(((AliasEvent) event).getAlias()))) {
                    throw beyond(event, "an alias refers to itself", "write the value out");
                }
            }
            case Scalar -> {
                values++;
                remember(event);
                int length = ((ScalarEvent) event).getValue().length();
                if (length > MAX_SCALAR) {
                    throw beyond(
                            event,
                            "a value of "
                                    + length
                                    + " characters (expected: at most "
                                    + MAX_SCALAR
                                    + ")",
                            "shorten the value");
                }
            }
            default -> {}
        }
        if (values > MAX_VALUES) {
            throw beyond(
                    event,
                    "more than " + MAX_VALUES + " values in one document",
                    "split the document");
        }
        return event;
    }

    /** An alias means what its name was given to last. */
    private void remember(Event event) {
        ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchored.put(anchor, event));
    }

    private static LimitExceeded beyond(Event event, String what, String mend) {
        return new LimitExceeded(
                event.getStartMark().map(Mark::getLine).orElse(0) + 1,
                event.getStartMark().map(Mark::getColumn).orElse(0) + 1,
                what,
                mend);
    }
}
