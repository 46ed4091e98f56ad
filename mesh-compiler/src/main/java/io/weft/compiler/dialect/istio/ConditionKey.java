package io.weft.compiler.dialect.istio;

import io.weft.compiler.yaml.Field;
import io.weft.model.match.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key of a rule's {@code when}.
 *
 * @param names what stands in brackets: a header, or claims from the outermost inwards
 */
record ConditionKey(Subject subject, List<String> names) {

    /** What is asked. */
    enum Subject {
        HEADER,
        REQUEST_PRINCIPAL,
        AUDIENCES,
        PRESENTER,
        CLAIM,
        SOURCE_IP,
        REMOTE_IP,
        PEER_NAMESPACE,
        PEER_PRINCIPAL,
        PEER_SERVICE_ACCOUNT,
        DESTINATION_IP,
        DESTINATION_PORT,
        SNI
    }

    ConditionKey {
        names = List.copyOf(names);
    }

    static @Nullable ConditionKey parse(String key) {
        int bracket = key.indexOf('[');
        String stem = bracket < 0 ? key : key.substring(0, bracket);
        List<String> names = bracket < 0 ? List.of() : brackets(key.substring(bracket));
        Subject subject =
                switch (stem) {
                    case "request.headers" -> names.size() == 1 ? Subject.HEADER : null;
                    case "request.auth.claims" -> names.isEmpty() ? null : Subject.CLAIM;
                    case "request.auth.principal" -> Subject.REQUEST_PRINCIPAL;
                    case "request.auth.audiences" -> Subject.AUDIENCES;
                    case "request.auth.presenter" -> Subject.PRESENTER;
                    case "source.ip" -> Subject.SOURCE_IP;
                    case "remote.ip" -> Subject.REMOTE_IP;
                    case "source.namespace" -> Subject.PEER_NAMESPACE;
                    case "source.principal" -> Subject.PEER_PRINCIPAL;
                    case "source.serviceAccount" -> Subject.PEER_SERVICE_ACCOUNT;
                    case "destination.ip" -> Subject.DESTINATION_IP;
                    case "destination.port" -> Subject.DESTINATION_PORT;
                    case "connection.sni" -> Subject.SNI;
                    default -> null;
                };
        return subject == null ? null : new ConditionKey(subject, names);
    }

    private static List<String> brackets(String text) {
        List<String> names = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf(']', at);
            if (text.charAt(at) != '[' || end <= at + 1) {
                return List.of();
            }
            names.add(text.substring(at + 1, end));
            at = end + 1;
        }
        return names;
    }

    boolean httpOnly() {
        return switch (subject) {
            case HEADER, REQUEST_PRINCIPAL, AUDIENCES, PRESENTER, CLAIM -> true;
            case SOURCE_IP,
                    REMOTE_IP,
                    PEER_NAMESPACE,
                    PEER_PRINCIPAL,
                    PEER_SERVICE_ACCOUNT,
                    DESTINATION_IP,
                    DESTINATION_PORT,
                    SNI ->
                    false;
        };
    }

    /** The test of one value. */
    Optional<Match> leaf(Field value) {
        String text = value.text("");
        return switch (subject) {
            case HEADER ->
                    Optional.of(
                            new Match.Header(
                                    names.getFirst().toLowerCase(Locale.ROOT),
                                    StringMatches.pattern(text)));
            case REQUEST_PRINCIPAL ->
                    Optional.of(new Match.RequestPrincipal(StringMatches.pattern(text)));
            case AUDIENCES -> Optional.of(new Match.Audience(StringMatches.pattern(text)));
            case PRESENTER -> Optional.of(new Match.Presenter(StringMatches.pattern(text)));
            case CLAIM -> Optional.of(new Match.Claim(names, StringMatches.pattern(text)));
            case SOURCE_IP -> VirtualServiceReader.Addresses.read(value).map(Match.SourceIp::new);
            case REMOTE_IP -> VirtualServiceReader.Addresses.read(value).map(Match.RemoteIp::new);
            case DESTINATION_IP ->
                    VirtualServiceReader.Addresses.read(value).map(Match.DestinationIp::new);
            case PEER_NAMESPACE ->
                    Optional.of(new Match.PeerNamespace(StringMatches.pattern(text)));
            case PEER_PRINCIPAL ->
                    Optional.of(new Match.PeerPrincipal(StringMatches.pattern(text)));
            case PEER_SERVICE_ACCOUNT ->
                    Optional.of(new Match.PeerServiceAccount(StringMatches.pattern(text)));
            case DESTINATION_PORT -> port(value, text);
            case SNI -> Optional.of(new Match.Sni(StringMatches.pattern(text)));
        };
    }

    private static Optional<Match> port(Field value, String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
            value.reportValue(text, "a port number in quotes");
            return Optional.empty();
        }
        return Optional.of(new Match.DestinationPort(Integer.parseInt(text)));
    }
}
