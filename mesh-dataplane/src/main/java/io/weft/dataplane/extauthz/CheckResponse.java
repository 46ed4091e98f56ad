package io.weft.dataplane.extauthz;

import io.weft.dataplane.codec.ProtoReader;
import io.weft.model.route.HeaderOp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code envoy.service.auth.v3.CheckResponse} by its field numbers: status 1, denied_response
 * 2, ok_response 3. Only the status says whether it consents.
 */
final class CheckResponse {

    private static final int FORBIDDEN = 403;

    private long code;
    private int status = FORBIDDEN;
    private String body = "";
    private final List<HeaderOp> refusal = new ArrayList<>();
    private final List<HeaderOp> request = new ArrayList<>();
    private final List<HeaderOp> response = new ArrayList<>();
    private final Map<String, @Nullable String> query = new LinkedHashMap<>();

    private CheckResponse() {}

    /** How a header is changed (HeaderValueOption). */
    private record Option(String name, String value, boolean append) {
        HeaderOp op() {
            return append ? new HeaderOp.Add(name, value) : new HeaderOp.Set(name, value);
        }
    }

    static CheckAnswer read(byte[] message) {
        CheckResponse read = new CheckResponse();
        ProtoReader in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> read.status(in.message());
                case 2 -> read.denied(in.message());
                case 3 -> read.ok(in.message());
                default -> {}
            }
        }
        return read.code == 0
                ? new CheckAnswer.Consent(read.request, read.response, read.query)
                : new CheckAnswer.Refusal(read.status, read.refusal, read.body);
    }

    private void status(ProtoReader in) {
        while (in.next()) {
            if (in.field() == 1) {
                code = in.number();
            }
        }
    }

    private void denied(ProtoReader in) {
        while (in.next()) {
            switch (in.field()) {
                case 1 -> {
                    ProtoReader http = in.message();
                    while (http.next()) {
                        if (http.field() == 1 && http.number() >= 200 && http.number() < 600) {
                            status = (int) http.number();
                        }
                    }
                }
                case 2 -> add(in.message(), refusal);
                case 3 -> body = in.text();
                default -> {}
            }
        }
    }

    private void ok(ProtoReader in) {
        while (in.next()) {
            switch (in.field()) {
                case 2 -> add(in.message(), request);
                case 5 -> remove(in.text());
                case 6 -> add(in.message(), response);
                case 7 -> parameter(in.message());
                case 8 -> query.put(in.text(), null);
                default -> {}
            }
        }
    }

    private void remove(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        if (HeaderNames.isMessage(name)) {
            request.add(new HeaderOp.Remove(name));
        }
    }

    private void parameter(ProtoReader in) {
        String key = "";
        String value = "";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.text();
                case 2 -> value = in.text();
                default -> {}
            }
        }
        if (!key.isEmpty()) {
            query.put(key, value);
        }
    }

    private static void add(ProtoReader in, List<HeaderOp> to) {
        Option option = option(in);
        if (HeaderNames.isMessage(option.name)) {
            to.add(option.op());
        }
    }

    private static Option option(ProtoReader in) {
        String name = "";
        String value = "";
        boolean append = false;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> {
                    ProtoReader header = in.message();
                    while (header.next()) {
                        switch (header.field()) {
                            case 1 -> name = header.text().toLowerCase(Locale.ROOT);
                            case 2, 3 -> value = header.text();
                            default -> {}
                        }
                    }
                }
                case 2 -> {
                    ProtoReader wrapped = in.message();
                    while (wrapped.next()) {
                        append |= wrapped.field() == 1 && wrapped.isTrue();
                    }
                }
                default -> {}
            }
        }
        return new Option(name, value, append);
    }
}
