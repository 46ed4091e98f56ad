package io.weft.compiler.dialect.istio;

import io.weft.model.route.Filter;
import java.util.List;
import java.util.stream.Stream;

/**
 * The filters of a route by the field that they come from, since a delegate takes over each field
 * that it leaves out.
 */
record RouteFilters(
        List<Filter> cors, List<Filter> fault, List<Filter> headers, List<Filter> rewrite) {

    RouteFilters {
        cors = List.copyOf(cors);
        fault = List.copyOf(fault);
        headers = List.copyOf(headers);
        rewrite = List.copyOf(rewrite);
    }

    /** In the order in which they run. */
    List<Filter> all() {
        return Stream.of(cors, fault, headers, rewrite).flatMap(List::stream).toList();
    }

    /** These, and what they leave out as the other has it; rewriting is the caller's matter. */
    RouteFilters over(RouteFilters other, List<Filter> rewriting) {
        return new RouteFilters(
                cors.isEmpty() ? other.cors : cors,
                fault.isEmpty() ? other.fault : fault,
                headers.isEmpty() ? other.headers : headers,
                rewriting);
    }
}
