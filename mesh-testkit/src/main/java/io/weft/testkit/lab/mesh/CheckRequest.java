package io.weft.testkit.lab.mesh;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the check server is asked, in either of its protocols, and what it says. It allows what
 * carries {@code x-ext-authz: allow}, and TCP connections of a peer whose service account is {@code
 * a}.
 *
 * @param headers by lower-case name
 */
record CheckRequest(boolean http, String principal, Map<String, String> headers, String text) {

    static final String RESULT = "x-ext-authz-check-result";
    static final String RECEIVED = "x-ext-authz-check-received";
    static final String OVERRIDE = "x-ext-authz-additional-header-override";
    static final String DENIED_BODY =
            "denied by ext_authz for not found header `x-ext-authz: allow` in the request";

    /** {@code envoy.service.auth.v3.CheckRequest}, by its field numbers. */
    static CheckRequest ofProto(byte[] message) {
        byte[] attributes = ProtoBytes.at(message, 1);
        String principal = ProtoBytes.textAt(attributes, 1, 4);
        byte[] request = ProtoBytes.at(attributes, 4, 2);
        Map<String, String> headers = new LinkedHashMap<>();
        for (ProtoBytes.Element field : ProtoBytes.read(request)) {
            if (field.number() == 3) {
                headers.put(
                        ProtoBytes.textAt(field.bytes(), 1), ProtoBytes.textAt(field.bytes(), 2));
            }
        }
        String method = ProtoBytes.textAt(request, 2);
        String text =
                "source: "
                        + principal
                        + ", method: "
                        + method
                        + ", path: "
                        + ProtoBytes.textAt(request, 4)
                        + ", host: "
                        + ProtoBytes.textAt(request, 5)
                        + ", headers: "
                        + headers;
        return new CheckRequest(!method.isEmpty(), principal, headers, text);
    }

    boolean allowed() {
        return http ? "allow".equals(headers.get("x-ext-authz")) : principal.endsWith("/sa/a");
    }

    String result() {
        return allowed() ? "allowed" : "denied";
    }

    /** The headers of the answer. */
    Map<String, String> answer() {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put(RESULT, result());
        answer.put(RECEIVED, text.replaceAll("[\\r\\n]", " "));
        answer.put(OVERRIDE, headers.getOrDefault(OVERRIDE, ""));
        return answer;
    }

    /** {@code envoy.service.auth.v3.CheckResponse}. */
    byte[] toProto() {
        ProtoBytes changes = new ProtoBytes();
        if (!allowed()) {
            changes.message(1, new ProtoBytes().number(1, 403));
        }
        // Both the refusal and the permission have their header options in field 2.
        answer().forEach((name, value) ->
                changes.message(
                        2,
                        new ProtoBytes()
                                .message(1, new ProtoBytes().text(1, name).text(2, value))));
        if (allowed()) {
            return new ProtoBytes().message(1, new ProtoBytes()).message(3, changes).toBytes();
        }
        changes.text(3, DENIED_BODY);
        return new ProtoBytes()
                .message(1, new ProtoBytes().number(1, 7))
                .message(2, changes)
                .toBytes();
    }
}
