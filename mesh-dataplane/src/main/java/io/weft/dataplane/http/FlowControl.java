package io.weft.dataplane.http;

/** Stops and starts whoever produces the parts of a body. */
@FunctionalInterface
public interface FlowControl {

    void read(boolean on);
}
