package io.weft.policy.control;

import java.util.Map;
import java.util.TreeMap;

/**
 * How far each kind of configuration has come to a proxy, under the names by which Envoy's users
 * know the kinds.
 */
final class SyncByType {

    private static final Map<String, String> NAMES =
            Map.of(
                    "workload", "LDS",
                    "routes", "RDS",
                    "cluster", "CDS",
                    "endpoints", "EDS",
                    "certificate", "SDS",
                    "jwks", "SDS",
                    "trust", "SDS");

    private SyncByType() {}

    /**
     * Compares.
     *
     * @param wanted hashes by resource key that it shall have
     * @param has hashes that it has acknowledged
     * @return {@code SYNCED}, {@code STALE} or {@code NOT SENT} by kind
     */
    static Map<String, String> of(Map<String, String> wanted, Map<String, String> has) {
        Map<String, Integer> missing = new TreeMap<>();
        Map<String, Integer> there = new TreeMap<>();
        wanted.forEach((key, hash) -> {
            missing.merge(name(key), hash.equals(has.get(key)) ? 0 : 1, Integer::sum);
            there.merge(name(key), has.containsKey(key) ? 1 : 0, Integer::sum);
        });
        has.keySet().stream()
                .filter(key -> !wanted.containsKey(key))
                .forEach(key -> missing.merge(name(key), 1, Integer::sum));
        Map<String, String> states = new TreeMap<>();
        missing.forEach((type, count) ->
                states.put(
                        type,
                        count == 0
                                ? "SYNCED"
                                : there.getOrDefault(type, 1) == 0 ? "NOT SENT" : "STALE"));
        return states;
    }

    private static String name(String key) {
        int slash = key.indexOf('/');
        return NAMES.getOrDefault(slash < 0 ? key : key.substring(0, slash), "ECDS");
    }
}
