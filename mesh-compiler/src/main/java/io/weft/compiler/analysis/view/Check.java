package io.weft.compiler.analysis.view;

/** Looks for one kind of mistake across a whole configuration. Stateless. */
public interface Check {

    /** Reports what it finds; never throws for what stands in resources. */
    void run(MeshView mesh, Report report);
}
