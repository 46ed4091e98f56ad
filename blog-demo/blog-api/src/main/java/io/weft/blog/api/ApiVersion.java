package io.weft.blog.api;

/** The two releases of the API that the canary is about. */
enum ApiVersion {
    V1("v1"),
    V2("v2");

    private final String label;

    ApiVersion(String label) {
        this.label = label;
    }

    /** As it stands in headers and answers. */
    String label() {
        return label;
    }
}
