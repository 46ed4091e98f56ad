package io.weft.blog.frontend;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** An answer of blog-api, and who gave it. */
record Answer<T>(T value, ServedBy servedBy) {

    /**
     * Which release and which instance of blog-api answered.
     *
     * @param version v1 or v2, absent when it does not say
     */
    record ServedBy(@Nullable String version, @Nullable String instance) {

        static ServedBy of(HttpHeaders headers) {
            return new ServedBy(
                    headers.getFirst("x-blog-version"), headers.getFirst("x-blog-instance"));
        }
    }
}
