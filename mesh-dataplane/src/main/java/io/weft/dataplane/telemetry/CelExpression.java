package io.weft.dataplane.telemetry;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelVariableResolver;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An expression in CEL over the attributes of an exchange, checked and compiled once. Evaluated on
 * the event loop: it is bounded in length and in steps. Thread-safe.
 *
 * @see <a href="https://github.com/google/cel-spec">Common Expression Language</a>
 */
final class CelExpression {

    private static final int MAX_LENGTH = 4_096;
    private static final int MAX_ITERATIONS = 1_000;

    private static final CelOptions OPTIONS =
            CelOptions.current()
                    .maxExpressionCodePointSize(MAX_LENGTH)
                    .maxParseRecursionDepth(50)
                    .comprehensionMaxIterations(MAX_ITERATIONS)
                    .enableHeterogeneousNumericComparisons(true)
                    .build();

    private static final CelType ATTRIBUTES = MapType.create(SimpleType.STRING, SimpleType.DYN);

    private final CelRuntime.Program program;

    private CelExpression(CelRuntime.Program program) {
        this.program = program;
    }

    /**
     * Compiles an expression.
     *
     * @param what it is, for messages
     * @throws IllegalArgumentException when it is no CEL, or asks for what no exchange has
     */
    static CelExpression compile(String what, String expression, boolean mustBeBool) {
        if (expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    what + ": " + expression.length() + " characters (expected: <= 4096)");
        }
        CelCompilerBuilder compiler =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(OPTIONS)
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .addLibraries(CelExtensions.strings());
        ExchangeAttributes.ROOTS.keySet().forEach(root -> compiler.addVar(root, ATTRIBUTES));
        try {
            CelAbstractSyntaxTree tree = check(compiler.build(), expression);
            if (mustBeBool
                    && !tree.getResultType().equals(SimpleType.BOOL)
                    && !tree.getResultType().equals(SimpleType.DYN)) {
                throw new IllegalArgumentException(
                        what
                                + ": '"
                                + expression
                                + "' gives "
                                + tree.getResultType().name()
                                + " (expected: bool)");
            }
            onlyKnown(what, tree);
            CelExpression compiled =
                    new CelExpression(
                            CelRuntimeFactory.standardCelRuntimeBuilder()
                                    .setOptions(OPTIONS)
                                    .addLibraries(CelExtensions.strings())
                                    .build()
                                    .createProgram(tree));
            return compiled;
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(
                    what + ": '" + expression + "' (expected: CEL): " + firstLine(e), e);
        }
    }

    private static CelAbstractSyntaxTree check(CelCompiler compiler, String expression)
            throws CelValidationException {
        return compiler.compile(expression).getAst();
    }

    /** A misspelt attribute would never be there, and the filter never hold. */
    private static void onlyKnown(String what, CelAbstractSyntaxTree tree) {
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(CelNavigableExpr::expr)
                .filter(expr -> expr.exprKind().getKind() == CelExpr.ExprKind.Kind.SELECT)
                .forEach(expr -> {
                    CelExpr operand = expr.select().operand();
                    Map<String, LogValue> root =
                            operand.exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT
                                    ? ExchangeAttributes.ROOTS.get(operand.ident().name())
                                    : null;
                    if (root != null && !root.containsKey(expr.select().field())) {
                        throw new IllegalArgumentException(
                                what
                                        + ": '"
                                        + operand.ident().name()
                                        + "."
                                        + expr.select().field()
                                        + "' (expected: one of "
                                        + new TreeSet<>(root.keySet())
                                        + ")");
                    }
                });
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage();
        return message == null ? "" : message.lines().findFirst().orElse("");
    }

    /** The value; null when the exchange lacks what is asked for. */
    @Nullable Object of(ExchangeView exchange) {
        CelVariableResolver roots =
                root ->
                        Optional.ofNullable(ExchangeAttributes.ROOTS.get(root))
                                .map(names -> new Lazy(exchange, names));
        try {
            return program.eval(roots);
        } catch (CelEvaluationException e) {
            return null;
        }
    }

    /** The attributes of one root; only those are made that are asked for. */
    private static final class Lazy extends AbstractMap<String, Object> {

        private final ExchangeView exchange;
        private final Map<String, LogValue> names;

        Lazy(ExchangeView exchange, Map<String, LogValue> names) {
            this.exchange = exchange;
            this.names = names;
        }

        @Override
        public @Nullable Object get(@Nullable Object name) {
            LogValue value = name instanceof String text ? names.get(text) : null;
            return value == null ? null : value.of(exchange);
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return get(name) != null;
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            Map<String, Object> all = new HashMap<>();
            names.forEach((name, value) -> {
                Object found = value.of(exchange);
                if (found != null) {
                    all.put(name, found);
                }
            });
            return all.entrySet();
        }
    }
}
