package io.weft.cli.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Takes secrets out of a document before it leaves the house. */
final class Redaction {

    private static final String HIDDEN = "[redacted]";

    /** Members whose texts are secret, however they are spelt; names of secrets are not. */
    private static final Pattern SECRET =
            Pattern.compile(
                    ".*(password|passwd|secretkey|clientsecret|privatekey|keypem|apikey|token"
                            + "|authorization|cookie|credentials?)$");

    private static final Pattern KEY_BLOCK =
            Pattern.compile(
                    "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)",
                    Pattern.DOTALL);

    private static final Pattern BEARER =
            Pattern.compile("(?i)(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{8,}");

    private static final Pattern TOKEN =
            Pattern.compile("\\beyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

    private static final Pattern USER_INFO = Pattern.compile("(://)[^/@\\s]+@");

    private Redaction() {}

    /** The same document without secrets; the one that was given is changed. */
    static JsonNode of(JsonNode document) {
        return switch (document) {
            case ObjectNode object -> {
                List<String> names = new ArrayList<>(object.propertyNames());
                for (String name : names) {
                    JsonNode value = object.path(name);
                    String plain = name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
                    boolean secret = SECRET.matcher(plain).matches() && value.isString();
                    object.set(
                            name,
                            secret && !value.asString("").isEmpty()
                                    ? StringNode.valueOf(HIDDEN)
                                    : of(value));
                }
                yield object;
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, of(array.get(i)));
                }
                yield array;
            }
            case StringNode text -> StringNode.valueOf(text(text.asString("")));
            default -> document;
        };
    }

    private static String text(String value) {
        String shown = KEY_BLOCK.matcher(value).replaceAll(HIDDEN);
        shown = BEARER.matcher(shown).replaceAll("$1 " + HIDDEN);
        shown = TOKEN.matcher(shown).replaceAll(HIDDEN);
        return USER_INFO.matcher(shown).replaceAll("$1" + HIDDEN + "@");
    }
}
