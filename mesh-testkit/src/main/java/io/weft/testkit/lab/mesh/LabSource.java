package io.weft.testkit.lab.mesh;

import io.weft.dataplane.config.ConfigSink;
import io.weft.dataplane.config.ConfigSource;
import io.weft.dataplane.config.SourceStatus;
import io.weft.model.catalog.Registration;

/** The control plane's stream, with the lab's network between. */
record LabSource(ConfigSource stream, LabNetwork network) implements ConfigSource {

    @Override
    public void start(ConfigSink sink) {
        stream.start(resources -> sink.apply(network.translate(resources)));
    }

    @Override
    public void want(String hostAndPort) {
        stream.want(hostAndPort);
    }

    @Override
    public void register(Registration registration) {
        stream.register(registration);
    }

    @Override
    public SourceStatus status() {
        return stream.status();
    }

    @Override
    public void close() {
        stream.close();
    }
}
