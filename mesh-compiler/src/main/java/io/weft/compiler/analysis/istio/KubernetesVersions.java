package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Nodes that are too old for sidecars that are native containers of a pod (IST0142). */
final class KubernetesVersions implements Check {

    /** The first that starts init containers with {@code restartPolicy: Always} unasked. */
    private static final int MINIMUM_MINOR = 29;

    private static final Pattern VERSION = Pattern.compile("v?1\\.([0-9]{1,4})(?:[^0-9].*)?");

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field node : mesh.all("", "Node")) {
            Field version = node.get("status").get("nodeInfo").get("kubeletVersion");
            String text = version.text("");
            Matcher parts = VERSION.matcher(text);
            if (parts.matches() && Integer.parseInt(parts.group(1)) < MINIMUM_MINOR) {
                report.add(
                        IstioCode.UNSUPPORTED_KUBERNETES_VERSION,
                        version,
                        text,
                        "1." + MINIMUM_MINOR);
            }
        }
    }
}
