package io.weft.compiler.dialect.istio;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.telemetry.Attributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks filters in CEL as the proxy will compile them: what it would refuse is refused where it is
 * written.
 *
 * @see <a href="https://github.com/google/cel-spec">Common Expression Language</a>
 */
final class ExpressionCheck {

    private static final int MAX_LENGTH = 4_096;
    private static final CelOptions OPTIONS =
            CelOptions.current()
                    .maxExpressionCodePointSize(MAX_LENGTH)
                    .maxParseRecursionDepth(50)
                    .enableHeterogeneousNumericComparisons(true)
                    .build();
    private static final CelType ATTRIBUTES = MapType.create(SimpleType.STRING, SimpleType.DYN);

    private ExpressionCheck() {}

    /** A filter of an access log; an empty one lets everything pass. */
    static void filter(Field field, String expression) {
        if (expression.isBlank()) {
            return;
        }
        if (expression.length() > MAX_LENGTH) {
            report(field, expression.length() + " characters (expected: <= " + MAX_LENGTH + ")");
            return;
        }
        CelCompilerBuilder compiler =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(OPTIONS)
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .addLibraries(CelExtensions.strings());
        Attributes.BY_ROOT.keySet().forEach(root -> compiler.addVar(root, ATTRIBUTES));
        try {
            CelAbstractSyntaxTree tree = compiler.build().compile(expression).getAst();
            CelType result = tree.getResultType();
            if (!result.equals(SimpleType.BOOL) && !result.equals(SimpleType.DYN)) {
                report(field, "'" + expression + "' gives " + result.name() + " (expected: bool)");
            }
            for (CelExpr expr : selections(tree)) {
                checkAttribute(field, expr);
            }
        } catch (CelValidationException e) {
            String message = e.getMessage() == null ? "" : e.getMessage();
            String first = message.lines().findFirst().orElse("");
            report(
                    field,
                    "'"
                            + expression
                            + "' (expected: CEL): "
                            + first.replaceFirst("^ERROR: <input>:", "at "));
        }
    }

    private static List<CelExpr> selections(CelAbstractSyntaxTree tree) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(CelNavigableExpr::expr)
                .filter(expr -> expr.exprKind().getKind() == CelExpr.ExprKind.Kind.SELECT)
                .toList();
    }

    /** A misspelt attribute would never be there, and the filter never hold. */
    private static void checkAttribute(Field field, CelExpr expr) {
        CelExpr operand = expr.select().operand();
        if (operand.exprKind().getKind() != CelExpr.ExprKind.Kind.IDENT) {
            return;
        }
        String root = operand.ident().name();
        Set<String> known = Attributes.BY_ROOT.get(root);
        if (known != null && !known.contains(expr.select().field())) {
            report(
                    field,
                    "'"
                            + root
                            + "."
                            + expr.select().field()
                            + "' (expected: one of "
                            + new TreeSet<>(known)
                            + ")");
        }
    }

    private static void report(Field field, String message) {
        field.error(Code.INVALID_VALUE, message, "correct the expression");
    }
}
