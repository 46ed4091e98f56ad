package io.weft.model;

/** Where something runs, {@code region/zone/subzone}; parts that are not known are empty. */
public record Locality(String region, String zone, String subzone) {

    public static final Locality UNKNOWN = new Locality("", "", "");

    /** Reads {@code region[/zone[/subzone]]}. */
    public static Locality parse(String text) {
        String[] parts = text.split("/", 3);
        return new Locality(
                parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
    }

    /** How many leading parts are equal, 0 to 3; an unknown region is equal to nothing. */
    public int commonParts(Locality other) {
        if (region.isEmpty() || !region.equals(other.region)) {
            return 0;
        }
        if (!zone.equals(other.zone)) {
            return 1;
        }
        return subzone.equals(other.subzone) ? 3 : 2;
    }

    @Override
    public String toString() {
        return region + "/" + zone + "/" + subzone;
    }

    /** Whether a pattern covers it: {@code *}, {@code REGION/*}, {@code REGION/ZONE/SUBZONE} …. */
    public boolean isWithin(String pattern) {
        String[] wanted = pattern.split("/");
        String[] parts = {region, zone, subzone};
        for (int i = 0; i < wanted.length && i < parts.length; i++) {
            if (wanted[i].equals("*")) {
                return true;
            }
            if (!wanted[i].equals(parts[i])) {
                return false;
            }
        }
        return true;
    }
}
