package io.weft.compiler.yaml;

import io.weft.compiler.diagnostic.Code;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Turns the text of one document into nodes, within limits. */
final class DocumentReader {

    private static final int MAX_DEPTH = LimitedParser.MAX_DEPTH;
    private static final int MAX_ALIASES = 50;

    /** The reader moves what it has at each refill: long values would cost the square of it. */
    private static final int BUFFER = 256 * 1024;

    /** What an expanded document may hold; aliases multiply, so the text's size is no bound. */
    private static final int MAX_NODES = 1_000_000;

    private static final LoadSettings USUAL = settings(BUFFER / 64);
    private static final LoadSettings FOR_LONG = settings(BUFFER);

    private final int lineOffset;
    private final ProblemSink problems;
    private final IdentityHashMap<Node, YamlNode> converted = new IdentityHashMap<>();
    private final IdentityHashMap<Node, Long> sizes = new IdentityHashMap<>();

    /** Where problems of a document's text go. */
    interface ProblemSink {
        void problem(Code code, int line, int column, String value, String message, String mend);
    }

    DocumentReader(int lineOffset, ProblemSink problems) {
        this.lineOffset = lineOffset;
        this.problems = problems;
    }

    private static LoadSettings settings(int buffer) {
        return LoadSettings.builder()
                .setUseMarks(true)
                .setAllowDuplicateKeys(true)
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setBufferSize(buffer)
                .setCodePointLimit(ResourceParser.MAX_FILE_SIZE)
                .setSchema(new CoreSchema())
                .build();
    }

    /** The documents in the text (one, as a rule); none when it is empty or was reported. */
    List<YamlNode> read(String text) {
        List<YamlNode> documents = new ArrayList<>();
        try {
            LoadSettings settings = text.length() > BUFFER ? FOR_LONG : USUAL;
            Parser parser = new ParserImpl(settings, new StreamReader(settings, text));
            Composer composer = new Composer(settings, new LimitedParser(parser));
            while (composer.hasNext()) {
                documents.add(convert(composer.next(), 0));
            }
        } catch (LimitExceeded e) {
            problems.problem(Code.TOO_COMPLEX, e.line + lineOffset, e.column, "", e.what(), e.mend);
        } catch (MarkedYamlEngineException e) {
            reportSyntax(e, text);
        } catch (YamlEngineException e) {
            reportLimit(e);
        } catch (StackOverflowError e) {
            problems.problem(
                    Code.TOO_COMPLEX,
                    1 + lineOffset,
                    1,
                    "",
                    "nested too deeply (expected: at most " + MAX_DEPTH + " levels)",
                    "flatten the document");
        }
        return documents;
    }

    private void reportLimit(YamlEngineException e) {
        String message = String.valueOf(e.getMessage());
        boolean limit = message.contains("aliases") || message.contains("code point");
        problems.problem(
                limit ? Code.TOO_COMPLEX : Code.YAML_SYNTAX,
                1 + lineOffset,
                1,
                "",
                firstLine(message),
                limit ? "write the values out instead of aliases" : "correct the document");
    }

    private void reportSyntax(MarkedYamlEngineException e, String text) {
        Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
        int line = (mark == null ? 0 : mark.getLine()) + 1;
        int column = (mark == null ? 0 : mark.getColumn()) + 1;
        String problem = firstLine(String.valueOf(e.getProblem()));
        if (problem.contains("TAB") || problem.contains("\\t") || indentedByTab(text, line)) {
            problems.problem(
                    Code.TAB,
                    line + lineOffset,
                    column,
                    "\\t",
                    "a tab is used for indentation (expected: spaces)",
                    "replace the tab with spaces");
            return;
        }
        String context = e.getContext() == null ? "" : firstLine(e.getContext()) + ": ";
        problems.problem(
                Code.YAML_SYNTAX,
                line + lineOffset,
                column,
                "",
                context + problem,
                "correct the YAML at this place");
    }

    private static boolean indentedByTab(String text, int line) {
        String at = text.lines().skip(line - 1L).findFirst().orElse("");
        return at.substring(0, at.length() - at.stripLeading().length()).contains("\t");
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse(message).strip();
    }

    private YamlNode convert(Node node, int depth) {
        YamlNode known = converted.get(node);
        if (known != null) {
            return known;
        }
        if (node.isRecursive()) {
            throw new LimitExceeded(
                    lineInText(node),
                    column(node),
                    "an alias refers to itself",
                    "write the value out");
        }
        if (depth > MAX_DEPTH) {
            throw new LimitExceeded(
                    lineInText(node),
                    column(node),
                    "nested too deeply (expected: at most " + MAX_DEPTH + " levels)",
                    "flatten the document");
        }
        YamlNode result =
                switch (node) {
                    case ScalarNode scalar -> scalar(scalar);
                    case SequenceNode sequence -> sequence(sequence, depth);
                    case MappingNode mapping -> mapping(mapping, depth);
                    default ->
                            throw new LimitExceeded(
                                    lineInText(node), column(node), "not understood", "remove it");
                };
        converted.put(node, result);
        return result;
    }

    private YamlNode scalar(ScalarNode node) {
        sizes.put(node, 1L);
        Tag tag = node.getTag();
        YamlNode.ScalarKind kind;
        if (tag.equals(Tag.INT)) {
            kind = YamlNode.ScalarKind.INTEGER;
        } else if (tag.equals(Tag.FLOAT)) {
            kind = YamlNode.ScalarKind.DECIMAL;
        } else if (tag.equals(Tag.BOOL)) {
            kind = YamlNode.ScalarKind.BOOLEAN;
        } else if (tag.equals(Tag.NULL)) {
            kind = YamlNode.ScalarKind.NULL;
        } else {
            kind = YamlNode.ScalarKind.STRING;
        }
        return new YamlNode.Scalar(node.getValue(), kind, line(node), column(node));
    }

    private YamlNode sequence(SequenceNode node, int depth) {
        List<YamlNode> items = new ArrayList<>(node.getValue().size());
        long size = 1;
        for (Node item : node.getValue()) {
            items.add(convert(item, depth + 1));
            size += sizes.getOrDefault(item, 1L);
        }
        remember(node, size);
        return new YamlNode.Sequence(items, line(node), column(node));
    }

    private YamlNode mapping(MappingNode node, int depth) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        long size = 1;
        for (NodeTuple tuple : node.getValue()) {
            Node key = tuple.getKeyNode();
            YamlNode value = convert(tuple.getValueNode(), depth + 1);
            size += sizes.getOrDefault(tuple.getValueNode(), 1L);
            if (!(key instanceof ScalarNode name)) {
                problems.problem(
                        Code.YAML_SYNTAX,
                        line(key),
                        column(key),
                        "",
                        "a key is not a text",
                        "use a plain text as key");
                continue;
            }
            YamlNode.Entry before =
                    entries.putIfAbsent(
                            name.getValue(), new YamlNode.Entry(value, line(key), column(key)));
            if (before != null) {
                problems.problem(
                        Code.DUPLICATE_KEY,
                        line(key),
                        column(key),
                        name.getValue(),
                        "key '" + name.getValue() + "' is already at line " + before.line(),
                        "keep one of the two");
            }
        }
        remember(node, size);
        return new YamlNode.Mapping(entries, line(node), column(node));
    }

    private void remember(Node node, long size) {
        if (size > MAX_NODES) {
            throw new LimitExceeded(
                    lineInText(node),
                    column(node),
                    "with its aliases written out the document has more than "
                            + MAX_NODES
                            + " values",
                    "write the values out instead of aliases");
        }
        sizes.put(node, size);
    }

    private int line(Node node) {
        return lineOffset + lineInText(node);
    }

    private static int lineInText(Node node) {
        return 1 + node.getStartMark().map(Mark::getLine).orElse(0);
    }

    private static int column(Node node) {
        return 1 + node.getStartMark().map(Mark::getColumn).orElse(0);
    }
}
