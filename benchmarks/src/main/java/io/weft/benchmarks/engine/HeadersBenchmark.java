package io.weft.benchmarks.engine;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.weft.dataplane.codec.FlatHeaders;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a proxy asks the headers of one request for: twenty names, of which four are there. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadersBenchmark {

    private static final AsciiString[] ASKED =
            names(
                    "connection,upgrade,host,te,transfer-encoding,content-length,x-weft-peer,"
                            + "traceparent,b3,x-b3-traceid,x-b3-spanid,x-b3-sampled,uber-trace-id,"
                            + "jaeger-debug-id,x-envoy-force-trace,x-request-id,expect,"
                            + "grpc-timeout,content-type,x-envoy-expected-rq-timeout-ms");

    private final HttpHeaders headers = new FlatHeaders();

    public HeadersBenchmark() {
        Stream.of(
                        "host=blog.example.com",
                        "user-agent=curl/8.10.1",
                        "accept=*/*",
                        "accept-encoding=gzip",
                        "authorization=Bearer abc.def.ghi",
                        "x-forwarded-for=10.1.2.3",
                        "x-forwarded-proto=https",
                        "x-request-id=3b6e2f0c-2a7e-4a55-9f80-4f3fcd4be6b1",
                        "traceparent=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
                        "content-type=application/json")
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> headers.add(new AsciiString(pair[0]), pair[1]));
    }

    private static AsciiString[] names(String list) {
        return Stream.of(list.split(",")).map(AsciiString::cached).toArray(AsciiString[]::new);
    }

    @Benchmark
    public int asked() {
        int found = 0;
        for (AsciiString name : ASKED) {
            found += headers.contains(name) ? 1 : 0;
        }
        return found;
    }
}
