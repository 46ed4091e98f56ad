package io.weft.dataplane.assembly;

import io.weft.dataplane.config.ConfigSink;
import io.weft.dataplane.config.ConfigSource;
import io.weft.dataplane.config.SourceStatus;
import io.weft.model.catalog.Registration;
import java.util.function.UnaryOperator;

/** A source whose sink also concerns others than the data plane: telemetry, trust, Spring. */
record CheckedSource(ConfigSource source, UnaryOperator<ConfigSink> around)
        implements ConfigSource {

    @Override
    public void start(ConfigSink sink) {
        source.start(around.apply(sink));
    }

    @Override
    public void want(String hostAndPort) {
        source.want(hostAndPort);
    }

    @Override
    public void register(Registration registration) {
        source.register(registration);
    }

    @Override
    public SourceStatus status() {
        return source.status();
    }

    @Override
    public void close() {
        source.close();
    }
}
