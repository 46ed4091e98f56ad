package io.weft.compiler.dialect.istio;

import io.weft.compiler.yaml.Field;
import java.util.List;

/** Who sees a resource: {@code .}, {@code *} or namespaces; everyone when nothing is said. */
record ExportScope(String owner, List<String> to) {

    ExportScope {
        to = List.copyOf(to);
    }

    static ExportScope read(Field exportTo) {
        return new ExportScope(exportTo.resource().namespace(), exportTo.textItems());
    }

    boolean includes(String namespace) {
        return to.isEmpty()
                || to.contains("*")
                || to.contains(namespace)
                || to.contains(".") && owner.equals(namespace);
    }
}
