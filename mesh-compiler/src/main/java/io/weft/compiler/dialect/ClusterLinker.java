package io.weft.compiler.dialect;

import io.weft.model.route.WeightedDestination;
import java.util.List;
import java.util.Optional;

/** Joins the targets that a dialect names with the catalogue, and takes their clusters along. */
public interface ClusterLinker {

    /**
     * The destinations of a route. A target that does not exist becomes a share that is answered
     * with 503; one that another dialect splits becomes several.
     */
    List<WeightedDestination> link(List<Target> targets);

    /** The same for a client that calls the given port, where a target names none. */
    ClusterLinker calling(int port);

    /** The cluster of one target, empty when it does not exist. */
    Optional<String> cluster(Target target);
}
