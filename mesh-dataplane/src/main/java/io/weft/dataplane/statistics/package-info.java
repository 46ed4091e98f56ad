/**
 * The statistics of clusters by Envoy's names, for those who ask for them by proxyStatsMatcher;
 * read from the data plane at each scrape, nothing is counted here.
 */
@NullMarked
package io.weft.dataplane.statistics;

import org.jspecify.annotations.NullMarked;
