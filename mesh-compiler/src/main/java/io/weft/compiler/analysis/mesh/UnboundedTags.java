package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;

/** Tags of spans whose values callers choose: an index over them grows for ever (WFT0601). */
final class UnboundedTags implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field root : mesh.all(MeshView.TELEMETRY, "Telemetry")) {
            for (Field tracing : root.get("spec").get("tracing").items()) {
                tracing.get("customTags")
                        .entries()
                        .forEach((name, tag) -> {
                            Field header = tag.get("header").get("name");
                            if (header.isPresent()) {
                                report.info(
                                        Code.UNBOUNDED_TAG,
                                        tag,
                                        "the tag's value is the caller's header "
                                                + header.text("")
                                                + ": fine on spans, as long as no metric is made of it",
                                        "");
                            }
                        });
            }
        }
    }
}
