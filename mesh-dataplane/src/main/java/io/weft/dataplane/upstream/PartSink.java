package io.weft.dataplane.upstream;

import io.netty.handler.codec.http.HttpContent;

/** Takes the parts of a body; used on one event loop only. */
public interface PartSink {

    /** Takes the part over; a {@code LastHttpContent} ends the message. */
    void write(HttpContent part);

    /** False asks for a pause. */
    boolean writable();
}
