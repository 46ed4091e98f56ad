package io.weft.engine.balance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A consistent hash ring (ketama): each endpoint stands at many points, by weight; a key belongs to
 * the next point.
 */
final class HashRing implements Chooser {

    private static final int MAX_SIZE = 8 * 1024 * 1024;

    private final long[] points;
    private final Member[] owners;

    private HashRing(long[] points, Member[] owners) {
        this.points = points;
        this.owners = owners;
    }

    static HashRing of(Member[] members, int minimumSize) {
        long least = Arrays.stream(members).mapToLong(m -> m.endpoint().weight()).min().orElse(1);
        long total = Arrays.stream(members).mapToLong(m -> m.endpoint().weight()).sum();
        // The lightest endpoint gets a whole number of points, and the ring its minimum size.
        double wanted = Math.max(1.0 / least, Math.max(1, minimumSize) / (double) total);
        // A power of two: points per weight then seldom change, and keys stay, when endpoints do.
        double perWeight = Math.pow(2, Math.ceil(Math.log(wanted) / Math.log(2)));
        perWeight = Math.min(perWeight, MAX_SIZE / (double) total);
        record Point(long at, Member owner) {}
        List<Point> ring = new ArrayList<>();
        for (Member member : members) {
            long count = Math.max(1, Math.round(member.endpoint().weight() * perWeight));
            String name = Hashing.name(member);
            for (long i = 0; i < count; i++) {
                ring.add(new Point(Hash.of(name, i + 1), member));
            }
        }
        ring.sort((a, b) -> Long.compareUnsigned(a.at, b.at));
        return new HashRing(
                ring.stream().mapToLong(Point::at).toArray(),
                ring.stream().map(Point::owner).toArray(Member[]::new));
    }

    @Override
    public Member choose(long hash) {
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(points[middle], hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return owners[low == points.length ? 0 : low];
    }
}
