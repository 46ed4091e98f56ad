package io.weft.engine;

import io.weft.model.Dialect;
import io.weft.model.Origin;

/** Origins for tests, told apart by line. */
public final class Origins {

    private Origins() {}

    public static Origin line(int line) {
        return new Origin(Dialect.ISTIO, "Test", "blog", "sample", "mesh/sample.yaml", line);
    }
}
