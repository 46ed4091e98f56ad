package io.weft.compiler.diagnostic;

/**
 * Every kind of finding. Codes are stable: people filter by them. 00xx is about files, 01xx about
 * fields, 02xx about kinds, 03xx about old spellings, 04xx about routing, 05xx about security, 06xx
 * about telemetry and the mesh as a whole, 07xx about the configuration's own tests.
 */
public enum Code implements DiagnosticCode {
    YAML_SYNTAX("WFT0001", "The text is not YAML"),
    NOT_UTF8("WFT0002", "The file is not UTF-8"),
    TAB("WFT0003", "A tab is used for indentation"),
    DUPLICATE_KEY("WFT0004", "A key is written twice in one mapping"),
    TOO_LARGE("WFT0005", "The file is too large"),
    TOO_COMPLEX("WFT0006", "Aliases or nesting go beyond the limits"),
    NOT_A_RESOURCE("WFT0007", "The document is not a resource"),
    DUPLICATE_RESOURCE("WFT0008", "A resource is declared twice"),
    MORE("WFT0009", "There is more to mend than is listed"),

    WRONG_TYPE("WFT0101", "A field has the wrong type"),
    UNKNOWN_FIELD("WFT0102", "A field is not known"),
    MISSING_FIELD("WFT0103", "A required field is missing"),
    INVALID_VALUE("WFT0104", "A value is not one of those that are possible"),
    OUT_OF_RANGE("WFT0105", "A number is out of range"),
    INVALID_REGEX("WFT0106", "A regular expression is not valid RE2"),
    INVALID_DURATION("WFT0107", "A duration cannot be read"),
    CONTRADICTION("WFT0108", "Fields exclude each other"),

    UNKNOWN_KIND("WFT0201", "The API group is known, but not this kind of it"),
    IGNORED_KIND("WFT0202", "The kind has no meaning for the mesh"),
    NOT_ENFORCED("WFT0203", "The kind is understood but not enforced"),
    UNSUPPORTED_FIELD("WFT0204", "The field is known but not enforced"),
    UNDERSTOOD("WFT0205", "What was understood of a resource"),

    LEGACY_FIELD("WFT0301", "An old spelling of a field is read as the new one"),
    LEGACY_VALUE("WFT0302", "An old value is read as the new one"),

    OVERLAPPING_HOSTS("WFT0401", "Several resources route the same host"),
    UNREACHABLE_ROUTE("WFT0402", "A route can never match"),
    DIALECT_CONFLICT("WFT0403", "Several dialects route the same destination"),
    DANGLING_REFERENCE("WFT0404", "A resource that is referred to does not exist"),
    UNKNOWN_SUBSET("WFT0405", "A subset is not defined"),
    WEIGHTS("WFT0406", "Weights do not make sense together"),
    UNSAFE_RETRY("WFT0407", "Requests that are not idempotent are repeated without a budget"),
    SHORT_TIMEOUT("WFT0408", "A timeout ends before the tries that it allows"),
    REGEX_DIALECT("WFT0409", "Dialects read a regular expression differently"),
    CHAIN("WFT0410", "The entries of a service make no chain together"),
    UNDECLARED_PROTOCOL(
            "WFT0411", "A service is routed by requests, but does not say what it speaks"),

    INEFFECTIVE_POLICY("WFT0501", "A policy has no effect"),
    BROAD_POLICY("WFT0502", "A policy reaches further than it seems"),
    SECRET_IN_FILES("WFT0503", "A private key is in the configuration"),
    MOOT_POLICY("WFT0504", "An ALLOW rule makes another policy ineffective"),
    SELECTS_NOTHING("WFT0505", "A policy selects no workload"),
    MTLS_CONFLICT("WFT0506", "Client and server do not agree on TLS"),
    UNKNOWN_PEER("WFT0507", "A peer's trust domain is not known"),

    UNBOUNDED_TAG("WFT0601", "A metric's tag is taken from requests"),

    POLICY_TEST_FAILED("WFT0701", "A policy test fails");

    private final String id;
    private final String title;

    Code(String id, String title) {
        this.id = id;
        this.title = title;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }
}
