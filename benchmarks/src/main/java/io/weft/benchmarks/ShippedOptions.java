package io.weft.benchmarks;

import java.util.List;

/** The options of the JVM with which the sidecar is shipped. */
final class ShippedOptions {

    static final List<String> JVM =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "-Xmx64m",
                    "-Xss512k",
                    "-XX:ReservedCodeCacheSize=48m",
                    "-Dio.netty.leakDetection.level=disabled");

    private ShippedOptions() {}
}
