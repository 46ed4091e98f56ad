package io.weft.blog.launcher.load;

/**
 * Requests of one route to one version.
 *
 * @param from who calls
 * @param to which service answers
 * @param share of the requests from the same caller to the same service, 0 to 1
 */
public record TrafficRow(
        String from, String to, String version, long requests, long failed, double share) {}
