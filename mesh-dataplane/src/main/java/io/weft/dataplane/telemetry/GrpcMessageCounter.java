package io.weft.dataplane.telemetry;

import io.netty.buffer.ByteBuf;

/**
 * Counts the messages of one direction of a gRPC call by their prefixes, a flag and a length of
 * four bytes, wherever the data frames are cut. Reads without consuming. Of one thread.
 */
public final class GrpcMessageCounter {

    private static final int PREFIX = 5;

    private long messages;
    private int prefixSeen;
    private long length;
    private long bodyLeft;

    /** Takes the next piece of the body. */
    public void add(ByteBuf data) {
        int at = data.readerIndex();
        int end = data.writerIndex();
        while (at < end) {
            if (bodyLeft > 0) {
                long skipped = Math.min(bodyLeft, end - at);
                bodyLeft -= skipped;
                at += (int) skipped;
                continue;
            }
            if (prefixSeen > 0) {
                length = length << 8 | data.getUnsignedByte(at);
            }
            at++;
            if (++prefixSeen == PREFIX) {
                messages++;
                bodyLeft = length;
                prefixSeen = 0;
                length = 0;
            }
        }
    }

    /** Messages whose prefix was seen. */
    public long messages() {
        return messages;
    }
}
