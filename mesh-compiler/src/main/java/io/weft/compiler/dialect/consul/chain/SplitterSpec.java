package io.weft.compiler.dialect.consul.chain;

import io.weft.model.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ServiceSplitter. */
public record SplitterSpec(ServiceName service, List<SplitSpec> splits, Origin origin) {

    /** What all weights of a splitter sum to. */
    public static final int WHOLE = 10_000;

    public SplitterSpec {
        splits = List.copyOf(splits);
    }

    /**
     * One of its splits.
     *
     * @param hundredths weight in hundredths of a percent
     * @param service empty for the splitter's own
     * @param namespace empty for the splitter's own
     */
    public record SplitSpec(
            int hundredths,
            String service,
            String subset,
            String namespace,
            HeaderModifiers requestHeaders,
            HeaderModifiers responseHeaders,
            Origin origin) {

        /**
         * The split of a nested splitter as it is below its parent: requests meet the parent first,
         * so the child's headers hold; responses meet it last, so the parent's do. One that is not
         * there leaves the other as it is.
         */
        public static @Nullable SplitSpec merged(
                @Nullable SplitSpec child, @Nullable SplitSpec parent) {
            if (child == null || parent == null) {
                return child == null ? parent : child;
            }
            return new SplitSpec(
                    child.hundredths,
                    child.service,
                    child.subset,
                    child.namespace,
                    parent.requestHeaders.overlaidBy(child.requestHeaders),
                    child.responseHeaders.overlaidBy(parent.responseHeaders),
                    child.origin);
        }
    }
}
