package io.weft.compiler.analysis.istio;

import io.weft.compiler.yaml.Field;
import java.util.stream.Stream;

/** The destinations that a VirtualService names, wherever it does. */
final class Destinations {

    private Destinations() {}

    /** Those of routes. */
    static Stream<Field> ofRoutes(Field virtualService) {
        Field spec = virtualService.get("spec");
        return Stream.of("http", "tcp", "tls")
                .flatMap(kind -> spec.get(kind).items().stream())
                .flatMap(route -> route.get("route").items().stream())
                .map(weighted -> weighted.get("destination"))
                .filter(Field::isPresent);
    }

    /** Those of routes and of mirrors. */
    static Stream<Field> all(Field virtualService) {
        Stream<Field> mirrors =
                virtualService.get("spec").get("http").items().stream()
                        .flatMap(route ->
                                Stream.concat(
                                        Stream.of(route.get("mirror")),
                                        route.get("mirrors").items().stream()
                                                .map(m -> m.get("destination"))))
                        .filter(Field::isPresent);
        return Stream.concat(ofRoutes(virtualService), mirrors);
    }
}
