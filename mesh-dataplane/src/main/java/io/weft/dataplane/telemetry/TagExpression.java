package io.weft.dataplane.telemetry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The value of a configured tag: an attribute, a header, a literal, an access log operator, or any
 * other expression in CEL. What is usual is read without CEL, which costs more.
 */
final class TagExpression {

    private static final Logger LOG = LoggerFactory.getLogger(TagExpression.class);
    private static final Pattern HEADER =
            Pattern.compile(
                    "(?:%\\{)?(request\\.headers|response\\.headers|REQUEST_HEADERS|RESPONSE_HEADERS)"
                            + "\\[['\"]([^'\"]+)['\"]\\]\\}?");
    private static final Pattern LITERAL = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

    private TagExpression() {}

    /**
     * Compiles an expression. One that is not known gives {@code unknown}, with a warning: a tag of
     * a metric must not keep a policy from coming into force.
     */
    static LogValue compile(String tag, String expression) {
        String text = expression.strip();
        Matcher header = HEADER.matcher(text);
        if (header.matches()) {
            boolean request = header.group(1).toLowerCase(java.util.Locale.ROOT).startsWith("req");
            return LogOperators.compile((request ? "REQ(" : "RESP(") + header.group(2) + ")");
        }
        Matcher literal = LITERAL.matcher(text);
        if (literal.matches()) {
            String value = literal.group(1) != null ? literal.group(1) : literal.group(2);
            return exchange -> value;
        }
        LogValue attribute = ExchangeAttributes.plain(text);
        if (attribute != null) {
            return attribute;
        }
        if (text.equals("request.id") || text.equals("%{REQUEST_ID}")) {
            return LogOperators.compile("REQ(x-request-id)");
        }
        if (text.startsWith("%{") && text.endsWith("}")) {
            try {
                return LogOperators.compile(text.substring(2, text.length() - 1));
            } catch (IllegalArgumentException e) {
                LOG.debug("tag {}: not an operator either", tag, e);
            }
        }
        try {
            CelExpression compiled = CelExpression.compile("metric tag " + tag, text, false);
            return compiled::of;
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "metric tag {}: '{}' is not known here, its value is 'unknown': {}",
                    tag,
                    expression,
                    e.getMessage());
            return exchange -> "unknown";
        }
    }
}
